import { z } from 'zod';
import { route, type Route } from '../../src/adapters/http/route.ts';
import { pageRoutes } from '../../src/adapters/http/routes/page-routes.ts';
import type { DomainError } from '../../src/domain/shared/domain-error.ts';
import { startKernel } from '../unit/http/support/start-kernel.ts';

/** What a page has sent. */
export interface Sent {
  readonly path: string;
  readonly body: unknown;
}

/** The pages behind mailed links, beside an API that writes down what it is sent. */
export interface ServedPages {
  readonly url: string;
  readonly sent: readonly Sent[];
  /** Refuses the next call so; the others are answered with 204. */
  readonly refuseNext: (refusal: DomainError) => void;
}

const TokenBody = z.strictObject({ token: z.string().length(43) });
const PasswordBody = TokenBody.extend({ newPassword: z.string() });

/** Serves the pages as the service does, with everything that they call standing in for the real thing. */
export async function serveAccountPages(): Promise<ServedPages> {
  const sent: Sent[] = [];
  const refusals: DomainError[] = [];
  const called = (path: string, schema: z.ZodType): Route =>
    route({
      method: 'post',
      path,
      summary: 'Stands in for the real one',
      access: 'public',
      limit: 'none',
      input: { body: schema },
      responses: { 204: null },
      handle: ({ body }) => {
        sent.push({ path, body });
        const refusal = refusals.shift();
        if (refusal) throw refusal;
        return { status: 204 };
      },
    });
  const { url } = await startKernel([
    ...pageRoutes(),
    called('/auth/email/verify', TokenBody),
    called('/auth/password/reset', PasswordBody),
    called('/auth/unlock', TokenBody),
    called('/auth/mfa-reset/cancel', TokenBody),
  ]);
  return { url, sent, refuseNext: (refusal) => refusals.push(refusal) };
}
