import { isIP } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import type { Limiter } from './limits.ts';
import type { AnonymousActor, EnrollingActor, UserActor } from '../../domain/access/actor.ts';
import { Unauthenticated } from '../../domain/access/errors.ts';
import { authorize, POLICY } from '../../domain/access/policy.ts';
import { DEFAULT_TENANT_ID } from '../../domain/shared/ids.ts';
import { authenticate, type VerifyToken } from './authenticate.ts';
import { countingKeyOf } from './counting-key-of.ts';
import { exchangeOf } from './exchange.ts';
import { idempotentRequestOf } from './idempotent-request-of.ts';
import { parseInput } from './parse-input.ts';
import type { Access, Client, LimitClass, Route } from './route.ts';
import { sendReply } from './send-reply.ts';

/** What serving routes needs. */
export interface RouteKernel {
  readonly verifyToken: VerifyToken;
  /** The same for the token of somebody who has to enrol a second factor before he is let in. */
  readonly verifyEnrolment: VerifyToken<EnrollingActor>;
  readonly limiters: ReadonlyMap<LimitClass, Limiter>;
  /** Whether acts that the policy opens to anonymous callers are open here. */
  readonly anonymousAllowed: boolean;
}

const ANONYMOUS: AnonymousActor = { kind: 'anonymous', tenantId: DEFAULT_TENANT_ID };
const USER_AGENT_MAX = 512;
/** 256 bits as base64url: no access token is as short, so that one look-up is enough. */
const ENROLMENT_TOKEN = /^[\w-]{43}$/;

/**
 * Serves one route. The order in which a request can be refused is here, and nowhere else: 401, 403, 429, then 400/413/415/422,
 * then what the use case says. Nothing of the body is read before the limit has let it pass.
 */
export function serveRoute(route: Route, kernel: RouteKernel): RequestHandler {
  const limiter = kernel.limiters.get(route.limit);
  const verify = verifierFor(route.access, kernel);
  return async (req: Request, res: Response): Promise<void> => {
    const exchange = exchangeOf(res);
    exchange.route = route.path;
    exchange.pointers = route.pointers;
    const actor = await identify(route.access, req, verify, kernel);
    const client = clientOf(req);
    if (limiter) {
      exchange.countedAgainst = countingKeyOf(actor, client.address);
      await limiter(req, res);
    }
    const input = await parseInput(route.input, req, res);
    const idempotency = route.idempotent ? idempotentRequestOf({ actor, client, ...input }) : undefined;
    const reply = await route.handle({ actor, client, ...input, idempotency });
    sendReply(route, reply, res);
  };
}

/** Which tokens count for a route: that of an enrolment only where the policy opens the act to it. */
function verifierFor(
  access: Access,
  { verifyEnrolment, verifyToken }: RouteKernel,
): VerifyToken<UserActor | EnrollingActor> {
  if (access === 'public' || !('enrolling' in POLICY[access])) return verifyToken;
  return (token) => (ENROLMENT_TOKEN.test(token) ? verifyEnrolment(token) : verifyToken(token));
}

async function identify(
  access: Access,
  req: Request,
  verify: VerifyToken<UserActor | EnrollingActor>,
  kernel: RouteKernel,
): Promise<UserActor | EnrollingActor | AnonymousActor> {
  if (access === 'public') return ANONYMOUS;
  const actor = (await authenticate(req, verify)) ?? ANONYMOUS;
  authorize(actor, access);
  if (actor.kind === 'anonymous' && !kernel.anonymousAllowed) throw new Unauthenticated();
  return actor;
}

function clientOf(req: Request): Client {
  // A proxy may pass on whatever it was told: what is no address is not taken for one.
  const told = req.ip ?? '';
  return {
    address: isIP(told) > 0 ? told : (req.socket.remoteAddress ?? null),
    userAgent: req.headers['user-agent']?.slice(0, USER_AGENT_MAX) ?? null,
  };
}
