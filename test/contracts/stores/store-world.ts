import type { AccountDirectory } from '../../../src/application/ports/stores/account-directory.ts';
import type { DataKeyStore } from '../../../src/application/ports/stores/data-key-store.ts';
import type { FailureCounterStore } from '../../../src/application/ports/stores/failure-counter-store.ts';
import type { RefreshTokenStore } from '../../../src/application/ports/stores/refresh-token-store.ts';
import type { SigningKeyStore } from '../../../src/application/ports/stores/signing-key-store.ts';
import type { UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import type { CaseEvent } from '../../../src/domain/cases/case.ts';
import type { Physician } from '../../../src/domain/identity/physician.ts';
import type { CaseId, PhysicianId, TenantId } from '../../../src/domain/shared/ids.ts';

/**
 * What the store contracts need to run: the stores of one installation, and ways to plant and to look at what no port does (yet).
 * A contract asks only for the members that it uses. Records of other runs may be there; the tenant `default` must be.
 */
export interface StoreWorld {
  readonly unitOfWork: UnitOfWork;
  readonly accountDirectory: AccountDirectory;
  readonly refreshTokenStore: RefreshTokenStore;
  readonly failureCounters: FailureCounterStore;
  /** Must hold no key when the world is opened. */
  readonly signingKeyStore: SigningKeyStore;
  readonly dataKeyStore: DataKeyStore;
  /** Says whether the installation allows anonymous cases; it does when the world is opened. */
  readonly allowAnonymousCases: (allowed: boolean) => Promise<void>;
  readonly plantPhysician: (physician: Physician) => Promise<void>;
  /** Gives a queued case to a physician, whatever the rules say. */
  readonly assignCase: (id: CaseId, physicianId: PhysicianId) => Promise<void>;
  /** The audit trail of a tenant, oldest first. */
  readonly readAudit: (tenantId: TenantId) => Promise<readonly AuditEntry[]>;
  /** The events of a case, by version. */
  readonly readEvents: (id: CaseId) => Promise<readonly CaseEvent[]>;
}

/** Opens a world for one test, of only the members that its contract uses. Whoever opened it closes it. */
export type OpenWorld<Member extends keyof StoreWorld> = () => Promise<Pick<StoreWorld, Member>>;
