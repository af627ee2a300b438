import { z } from 'zod';

/** A password to be. What it must be like is the policy's business, which tells the reason of a refusal. */
export const NewPassword = z
  .string()
  .max(4096)
  .meta({ format: 'password', examples: ['correct horse battery staple'] });
