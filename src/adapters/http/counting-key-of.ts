import { ipKeyGenerator } from 'express-rate-limit';
import type { AnonymousActor, EnrollingActor, UserActor } from '../../domain/access/actor.ts';

/** IPv6 hands out networks, not addresses: whoever has one has a /64 (RFC 6177). */
const IPV6_PREFIX = 64;

/** Whom a request counts against: the account where there is one, else the address (IPv6: its /64). */
export const countingKeyOf = (
  actor: UserActor | EnrollingActor | AnonymousActor,
  address: string | null,
): string =>
  actor.kind === 'anonymous'
    ? `address:${ipKeyGenerator(address ?? '', IPV6_PREFIX)}`
    : `user:${actor.userId}`;
