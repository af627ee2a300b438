import { z } from 'zod';

/** The name of the tenant that somebody signs in to; the practice itself where it is left out. */
export const SignInTenant = z
  .string()
  .max(63)
  .optional()
  .meta({ description: 'Slug of the tenant; `default` where it is left out', examples: ['default'] });
