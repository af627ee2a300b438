import { z } from 'zod';
import { EMAIL_MAX_LENGTH } from '../../../domain/identity/email-address.ts';

/** An e-mail address as people write it. */
export const Email = z
  .email()
  .max(EMAIL_MAX_LENGTH)
  .meta({ examples: ['ada@example.org'] });
