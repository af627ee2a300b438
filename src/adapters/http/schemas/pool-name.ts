import { z } from 'zod';
import { canonicalPoolName, POOL_NAME_MAX_LENGTH } from '../../../domain/shared/pool-name.ts';

/** The name of a closed pool of physicians, brought into the form in which it is kept. */
export const PoolName = z
  .string()
  .transform((text, context) => {
    const name = canonicalPoolName(text);
    if (name !== null) return name;
    const detail = `Must have 1 to ${String(POOL_NAME_MAX_LENGTH)} code points, not all of them blank.`;
    context.addIssue({ code: 'custom', params: { detail } });
    return z.NEVER;
  })
  .meta({
    description: `Name of a closed pool, in 1 to ${POOL_NAME_MAX_LENGTH} code points`,
    examples: ['north'],
  });
