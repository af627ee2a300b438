import type { TenantId } from '../../domain/shared/ids.ts';
import type { AuditTrail } from './stores/audit-trail.ts';
import type { BreakGlassStore } from './stores/break-glass-store.ts';
import type { CaseStore } from './stores/case-store.ts';
import type { IdempotencyKeyStore } from './stores/idempotency-key-store.ts';
import type { ImportedUserStore } from './stores/imported-user-store.ts';
import type { LegacyLinkStore } from './stores/legacy-link-store.ts';
import type { MfaResetStore } from './stores/mfa-reset-store.ts';
import type { OneTimeTokenStore } from './stores/one-time-token-store.ts';
import type { Outbox } from './stores/outbox.ts';
import type { PhysicianStore } from './stores/physician-store.ts';
import type { SecondFactorStore } from './stores/second-factor-store.ts';
import type { SessionStore } from './stores/session-store.ts';
import type { SignInChallengeStore } from './stores/sign-in-challenge-store.ts';
import type { TenantStore } from './stores/tenant-store.ts';
import type { UserStore } from './stores/user-store.ts';

/**
 * Every store that is born bound to a tenant, and two that are not: `tenants`, which is the operator's, and `signInChallenges`, for what
 * is kept together with the answer to one.
 */
export interface Stores {
  readonly users: UserStore;
  readonly physicians: PhysicianStore;
  readonly sessions: SessionStore;
  readonly tenants: TenantStore;
  readonly cases: CaseStore;
  readonly breakGlass: BreakGlassStore;
  readonly legacyLinks: LegacyLinkStore;
  readonly importedUsers: ImportedUserStore;
  readonly audit: AuditTrail;
  readonly oneTimeTokens: OneTimeTokenStore;
  readonly secondFactors: SecondFactorStore;
  readonly signInChallenges: SignInChallengeStore;
  readonly mfaResets: MfaResetStore;
  readonly outbox: Outbox;
  readonly idempotencyKeys: IdempotencyKeyStore;
}

/** Gives use cases their stores, bound to a tenant: another tenant's records do not exist for them. */
export interface UnitOfWork<Name extends keyof Stores = keyof Stores> {
  /** Stores of which each call stands alone, without BEGIN and COMMIT: for lone reads and for writes that are one statement. */
  readonly stores: (tenantId: TenantId) => Pick<Stores, Name>;
  /**
   * All of `work` is kept, or none; it is kept when the promise resolves. Inside, only stores are called. It may run again after a
   * serialization failure, so it has no effects besides.
   *
   * @param work receives the tenant's stores, and may ask for those of another tenant in the same unit: physicians of the practice serve
   *   other tenants' cases
   * @throws whatever `work` throws, after undoing it
   * @throws {Unavailable} when the store is out of reach
   */
  readonly run: <T>(tenantId: TenantId, work: Work<Name, T>) => Promise<T>;
}

/** What is kept as a whole, or not at all. */
export type Work<Name extends keyof Stores, T> = (
  stores: Pick<Stores, Name>,
  elsewhere: (tenantId: TenantId) => Pick<Stores, Name>,
) => Promise<T>;
