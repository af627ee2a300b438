import { z } from 'zod';

/** Characters of the longest value that is looked at: as many as a body may have. */
const MAX_LENGTH = 65_536;

/** Octets in base64url as an encoder writes them: without padding, blanks and spare bits (RFC 4648, sections 3.5 and 5), and at least one. */
export const Base64Url = z
  .string()
  .min(1)
  .max(MAX_LENGTH)
  .refine((text) => Buffer.from(text, 'base64url').toString('base64url') === text);
