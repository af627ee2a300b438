import { z } from 'zod';
import { EMAIL_MAX_LENGTH, isEmailAddress } from '../../../domain/shared/email-address.ts';

/** An e-mail address as people write it. */
export const Email = z
  .string()
  .refine(isEmailAddress, { params: { detail: 'Must be an e-mail address.' } })
  .meta({ format: 'email', maxLength: EMAIL_MAX_LENGTH, examples: ['ada@example.org'] });
