import { z } from 'zod';

/** The parameter of paths that name one thing. */
export const IdParams = z.strictObject({ id: z.uuid().toLowerCase() });
