import type { IncomingMessage } from 'node:http';
import type { EnrollingActor, UserActor } from '../../domain/access/actor.ts';
import { Unauthenticated } from '../../domain/access/errors.ts';
import { countHeader } from './count-header.ts';

/** Tells who is behind a bearer token; `null` where it does not count. */
export type VerifyToken<Actor extends UserActor | EnrollingActor = UserActor> = (
  token: string,
) => Promise<Actor | null>;

/** The scheme in any case, one space or more, one token68 (RFC 9110, section 11.4; RFC 6750, section 2.1). */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * Who sends the request, by its bearer token.
 *
 * @returns `null` where it carries no credential
 * @throws {Unauthenticated} where it carries one that does not count, or more than one
 */
export async function authenticate<Actor extends UserActor | EnrollingActor>(
  req: IncomingMessage,
  verify: VerifyToken<Actor>,
): Promise<Actor | null> {
  const { authorization } = req.headers;
  if (authorization === undefined) return null;
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined || countHeader(req, 'authorization') !== 1) throw new Unauthenticated();
  const actor = await verify(token);
  if (!actor) throw new Unauthenticated();
  return actor;
}
