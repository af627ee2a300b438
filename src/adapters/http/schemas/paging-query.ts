import { z } from 'zod';

const LIMIT_DEFAULT = 25;
const LIMIT_MAX = 100;

const limitRange = z.int().min(1).max(LIMIT_MAX);

/** What every list takes: how many, and where to go on. */
export const PagingQuery = z.strictObject({
  limit: z
    .string()
    .refine((text) => /^\d{1,4}$/.test(text), { params: { detail: 'Must be a whole number.' } })
    .transform(Number)
    .pipe(limitRange)
    .default(LIMIT_DEFAULT)
    .meta({ override: { type: 'integer', minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT } }),
  cursor: z.string().max(512).optional().meta({ description: '`nextCursor` of the page before' }),
});

/** What a list was asked for. */
export type PagingQuery = z.output<typeof PagingQuery>;
