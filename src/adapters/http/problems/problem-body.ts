import { z } from 'zod';

/** One field that was refused, and why. */
export const ProblemField = z
  .object({
    pointer: z.string().meta({ description: 'JSON pointer (RFC 6901) to the field', examples: ['/email'] }),
    detail: z.string().meta({ examples: ['Must be an e-mail address.'] }),
  })
  .meta({ id: 'ProblemField' });

/** One field that was refused, and why; never holds what was sent. */
export type ProblemField = z.infer<typeof ProblemField>;

/** A problem as it is sent (RFC 9457). */
export const ProblemBody = z
  .object({
    type: z.string().meta({ description: 'Where the problem is documented', format: 'uri' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional(),
    code: z.string().meta({ description: 'Stable name of the problem', examples: ['request.invalid'] }),
    instance: z.string().optional().meta({ description: 'Names this occurrence', format: 'uri' }),
    requestId: z.string().meta({ description: 'As in `X-Request-Id`; the log knows the request by it' }),
    errors: z.array(ProblemField).optional(),
    linkTicket: z.string().optional().meta({
      description:
        'With `legacy.link-required`: proves once, within ten minutes, that the legacy session was shown',
    }),
  })
  .meta({ id: 'Problem' });

/** A problem as it is sent (RFC 9457). */
export type ProblemBody = z.infer<typeof ProblemBody>;
