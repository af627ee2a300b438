import { z } from 'zod';

/** The token of a mailed link. Whatever it is, it counts or does not: its form is nobody's business. */
export const MailedToken = z.string().max(256).meta({ description: 'The token of the mailed link' });
