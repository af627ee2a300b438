import { z } from 'zod';
import type { Content } from './route.ts';

/** Whether a response is JSON of a schema; if not, it is content that is sent as it is. */
export const isSchema = (declared: z.ZodType | Content): declared is z.ZodType =>
  declared instanceof z.ZodType;
