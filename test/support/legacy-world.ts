import { sign } from 'cookie-signature';
import type { Session } from '../../src/domain/access/session.ts';
import type { LegacyIdentifierKind } from '../../src/domain/legacy/legacy-identifier.ts';
import type { User } from '../../src/domain/identity/user.ts';
import type { LegacyBridge } from '../../src/domain/legacy/legacy-bridge.ts';
import { claimIdentifier, endLink, type LegacyLink, proveLink } from '../../src/domain/legacy/legacy-link.ts';
import { addSeconds } from '../../src/domain/shared/time.ts';
import { legacyIdentifierHash } from '../../src/application/steps/legacy-identifier-hash.ts';
import { anId, NO_CLIENT } from './builders.ts';
import { LEGACY_SECRET } from './memory/test-adapters.ts';
import { type GivenWorld, type World, world } from './world.ts';

/** Whom a session of the legacy service is of, as it says it. */
export interface SessionUser {
  readonly id?: string;
  readonly identifier?: string;
  readonly vendorId?: string;
}

/** What a test may say of a legacy session; the rest lives for an hour, from `NOW`. */
export interface GivenSession {
  readonly sid?: string;
  /** Seconds from now. */
  readonly storeSeconds?: number;
  readonly cookieSeconds?: number;
  /** `null` for a guest's. */
  readonly user?: SessionUser | string | null;
}

/** An identifier of the legacy service, in its normal form. */
export interface GivenIdentifier {
  readonly vendorId?: string | null;
  readonly kind?: LegacyIdentifierKind;
  readonly normal: string;
}

const HOUR = 3600;

/** Casegate in memory, beside a legacy service whose sessions it takes. */
export type LegacyWorld = World & ReturnType<typeof besideLegacy>;

/** A new installation that takes legacy sessions. @param bridge how; open for good, unless told */
export function legacyWorld(
  given: GivenWorld = {},
  bridge: LegacyBridge | null = { until: null },
): LegacyWorld {
  const here = world({ ...given, settings: { ...given.settings, legacyBridge: bridge } });
  return { ...here, ...besideLegacy(here) };
}

function besideLegacy({ adapters, app, clock, rows }: World) {
  const { database, keyedHash } = adapters;
  const writeSession = async (given: GivenSession = {}): Promise<string> => {
    const { sid = anId(), storeSeconds = HOUR, cookieSeconds = HOUR } = given;
    const { user = { id: 'u-1', identifier: '203040506', vendorId: 'fund' } } = given;
    const cookie = { expires: addSeconds(clock.now(), cookieSeconds).toISOString() };
    const json = JSON.stringify({ cookie, ...(user !== null && { passport: { user } }) });
    const expiresAt = addSeconds(clock.now(), storeSeconds);
    await database.write((tables) => tables.legacySessions.set(sid, { json, expiresAt }));
    return sid;
  };
  const cookieOf = (sid: string): string => encodeURIComponent(`s:${sign(sid, LEGACY_SECRET)}`);
  const saveLink = async (link: LegacyLink): Promise<void> => {
    const sealed = { keyId: anId(), bytes: new Uint8Array(8) };
    await database.write((tables) =>
      tables.legacyLinks.set(link.id, { ...link, identifier: sealed, reason: null }),
    );
  };
  return {
    /** Writes a session as the legacy service does, and gives its sid. */
    writeSession,
    /** The cookie by which a browser names a session to the legacy service. */
    cookieOf,
    /** The same session is over there. */
    logOut: (sid: string) => database.write((tables) => tables.legacySessions.delete(sid)),
    /** Links an account, without any proof. */
    link: async (user: User, { vendorId = 'fund', kind = 'legacy_user_id', normal }: GivenIdentifier) => {
      const identifierHash = legacyIdentifierHash(keyedHash, vendorId, { kind, normal });
      const { id: userId, tenantId } = user;
      const claimed = { id: anId(), tenantId, userId, vendorId, kind, identifierHash };
      const link = proveLink(claimIdentifier(claimed, null, clock.now()), 'admin', clock.now());
      await saveLink(link);
      return link;
    },
    unlink: (link: LegacyLink) => saveLink(endLink(link, clock.now())),
    bridge: (cookie: string, vendorId?: string) =>
      app.legacy.bridgeLegacySession.execute({ cookie, vendorId, client: NO_CLIENT }),
    session: async (): Promise<Session> => {
      const last = (await rows('sessions')).at(-1);
      if (!last) throw new Error('There is no session.');
      return last;
    },
  };
}
