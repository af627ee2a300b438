import { z } from 'zod';

/** The header of draft-ietf-httpapi-idempotency-key-header; the key is taken as it is written, quotes and all. */
export const IdempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional()
    .meta({
      description:
        'Chosen by you, 1 to 255 visible ASCII characters: a repetition with the same key within 24 hours does nothing new, and gets the answer of the first request',
      examples: ['019ab6a0-5f0e-7c4d-9f43-2f8a1f6f2b11'],
    }),
});
