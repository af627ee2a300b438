import { z } from 'zod';
import type { IssuedTokens } from '../../../application/steps/open-session.ts';

/** The tokens of a session (RFC 6749, section 5.1). */
export const TokensBody = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: z
      .int()
      .min(0)
      .meta({ description: 'Seconds', examples: [600] }),
    refreshToken: z
      .string()
      .optional()
      .meta({ description: 'Left out where it was sent as a cookie (`X-Session-Mode: cookie`)' }),
    refreshExpiresIn: z
      .int()
      .min(0)
      .meta({ description: 'Seconds', examples: [600] }),
  })
  .meta({ id: 'Tokens' });

/** How tokens are sent. */
export const tokensBody = (tokens: IssuedTokens) =>
  ({
    accessToken: tokens.accessToken,
    tokenType: 'Bearer',
    expiresIn: tokens.expiresIn,
    refreshToken: tokens.refreshToken,
    refreshExpiresIn: tokens.refreshExpiresIn,
  }) as const satisfies z.input<typeof TokensBody>;
