import { z } from 'zod';
import type { Passkey } from '../../../domain/access/second-factor.ts';
import { Timestamp } from './timestamp.ts';

/** The longest name that a passkey may have, in code points. */
const NAME_MAX = 100;

/** Controls, and characters that change how others are shown; those that join letters are part of words. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}]/u;

/** What the owner of a passkey calls it. */
export const PasskeyName = z
  .string()
  .transform((name) => name.trim())
  .refine((name) => name !== '' && [...name].length <= NAME_MAX && !UNSEEN.test(name), {
    params: {
      detail: `Must have 1 to ${NAME_MAX} characters, not all of them blank, and none that turns others around.`,
    },
  })
  .default('Passkey')
  .meta({ description: '1 to 100 code points', examples: ['My phone'] });

/** A passkey, as its owner sees it. */
export const PasskeyBody = z
  .object({
    id: z.uuid(),
    name: z.string(),
    createdAt: Timestamp,
    lastUsedAt: Timestamp.nullable(),
    deviceType: z
      .enum(['single-device', 'multi-device'])
      .meta({ description: 'Whether it is kept on one device, or synchronised between several' }),
  })
  .meta({ id: 'Passkey' });

/** How a passkey is sent. */
export const passkeyBody = (passkey: Passkey): z.input<typeof PasskeyBody> => ({
  id: passkey.id,
  name: passkey.name,
  createdAt: passkey.createdAt.toISOString(),
  lastUsedAt: passkey.lastUsedAt?.toISOString() ?? null,
  deviceType: passkey.deviceType,
});
