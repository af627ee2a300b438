import type { ServerResponse } from 'node:http';
import { isSchema } from './is-schema.ts';
import { ReplyMismatch } from './reply-mismatch.ts';
import type { Reply, ResponseBody, Route } from './route.ts';
import { send } from './send.ts';

/**
 * Sends what a handler answered, as its route declares it: keys that the schema of the status does not know are dropped.
 *
 * @throws {ReplyMismatch} where it does not fit; nothing is sent then
 */
export function sendReply(route: Route, reply: Reply, res: ServerResponse): void {
  const declared = route.responses[reply.status];
  if (declared === undefined) throw new ReplyMismatch(route, reply.status, ['status']);
  const body = bodyOf(route, declared, reply);
  for (const [name, value] of Object.entries(reply.headers ?? {})) res.setHeader(name, value);
  if (declared === null) {
    res.statusCode = reply.status;
    res.end();
    return;
  }
  send(
    res,
    reply.status,
    isSchema(declared) ? 'application/json; charset=utf-8' : declared.contentType,
    body,
  );
}

function bodyOf(route: Route, declared: ResponseBody, reply: Reply): string | Uint8Array {
  if (declared === null) return '';
  if (isSchema(declared)) {
    const parsed = declared.safeParse(reply.body);
    if (!parsed.success) {
      throw new ReplyMismatch(
        route,
        reply.status,
        parsed.error.issues.map((issue) => issue.path.join('.')),
      );
    }
    return JSON.stringify(parsed.data);
  }
  if (typeof reply.body === 'string' || reply.body instanceof Uint8Array) return reply.body;
  throw new ReplyMismatch(route, reply.status, ['body']);
}
