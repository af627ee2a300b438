import { z } from 'zod';

/** The answer to whoever asks for a mail: the same whether or not anybody gets one. */
export const AcceptedBody = z
  .object({ status: z.literal('accepted') })
  .meta({ id: 'Accepted', description: 'The same whether or not anybody gets a mail' });

/** How it is sent. */
export const ACCEPTED = { status: 'accepted' } as const satisfies z.input<typeof AcceptedBody>;
