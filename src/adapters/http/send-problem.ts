import type { IncomingMessage, ServerResponse } from 'node:http';
import { exchangeOf } from './exchange.ts';
import { carriesBody } from './carries-body.ts';
import type { ProblemBody } from './problems/problem-body.ts';
import type { Problem } from './problems/problem-of.ts';
import { send } from './send.ts';

/** How long a client may go on sending the body of a request that was refused unread, in milliseconds. */
const LINGER_MS = 5000;

/**
 * A problem as it is sent (RFC 9457).
 *
 * @param publicUrl where the service is reached, without a slash at the end
 */
export const problemBody = (problem: Problem, publicUrl: string, requestId: string): ProblemBody => ({
  type: `${publicUrl}/docs/problems#${problem.code}`,
  title: problem.kind.title,
  status: problem.kind.status,
  ...(problem.detail !== undefined && { detail: problem.detail }),
  code: problem.code,
  instance: `urn:uuid:${requestId}`,
  requestId,
  ...(problem.errors !== undefined && { errors: [...problem.errors] }),
  ...problem.members,
});

/** Answers with a problem; an answer that has begun already is broken off instead. */
export function sendProblem(
  req: IncomingMessage,
  res: ServerResponse,
  problem: Problem,
  publicUrl: string,
): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  for (const [name, value] of Object.entries(problem.headers)) res.setHeader(name, value);
  if (problem.code === 'access.unauthenticated' && req.headers.authorization !== undefined) {
    res.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
  }
  res.setHeader('Cache-Control', 'no-store');
  const body = JSON.stringify(problemBody(problem, publicUrl, exchangeOf(res).requestId));
  send(res, problem.kind.status, 'application/problem+json', body);
  if (carriesBody(req)) lingerBriefly(req);
}

/**
 * Node reads on what is left of a refused body, so that the client gets to see the answer. A client that goes on sending all the
 * same is cut off.
 */
function lingerBriefly(req: IncomingMessage): void {
  const cut = setTimeout(() => {
    if (!req.complete) req.socket.destroy();
  }, LINGER_MS);
  cut.unref();
  req.once('close', () => clearTimeout(cut));
}
