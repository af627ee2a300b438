import type { SealedMessage } from '../../application/ports/stores/case-store.ts';
import type { StoredDataKey } from '../../application/ports/stores/data-key-store.ts';
import type { StoredSigningKey } from '../../application/ports/stores/signing-key-store.ts';
import type { FailureCounter } from '../../domain/access/failure-counter.ts';
import type { Session } from '../../domain/access/session.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { Case, CaseEvent } from '../../domain/cases/case.ts';
import type { Physician } from '../../domain/identity/physician.ts';
import type { User } from '../../domain/identity/user.ts';
import {
  type CaseId,
  DEFAULT_TENANT_ID,
  DEFAULT_TENANT_SLUG,
  type PhysicianId,
  type SessionId,
  type UserId,
} from '../../domain/shared/ids.ts';
import { createTenant, type Tenant } from '../../domain/tenancy/tenant.ts';
import { MemoryTable, type ReadonlyMemoryTable } from './memory-table.ts';

/** A refresh token at rest; its key is its hash. */
export interface RefreshTokenRow {
  readonly sessionId: SessionId;
  readonly issuedAt: Date;
  readonly rotatedAt: Date | null;
}

/** A receipt at rest; its key is its hash. */
export interface CaseReceiptRow {
  readonly caseId: CaseId;
  readonly expiresAt: Date;
}

/** What is said of the installation as a whole; a table of one row. */
export interface InstallationRow {
  readonly anonymousCases: boolean;
}

/** Octets as the key of a row. */
export const octetKey = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');

/** The key of the only row of its table. */
export const INSTALLATION_KEY = 'installation';

/** A new installation: no records but the default tenant and the installation's own. */
export const newTables = (installation: InstallationRow) => ({
  installation: tableOf(INSTALLATION_KEY, installation),
  tenants: tableOf(DEFAULT_TENANT_ID, defaultTenant()),
  users: new MemoryTable<UserId, User>(),
  physicians: new MemoryTable<PhysicianId, Physician>(),
  sessions: new MemoryTable<SessionId, Session>(),
  refreshTokens: new MemoryTable<string, RefreshTokenRow>(),
  failureCounters: new MemoryTable<string, FailureCounter>(),
  signingKeys: new MemoryTable<string, StoredSigningKey>(),
  dataKeys: new MemoryTable<string, StoredDataKey>(),
  cases: new MemoryTable<CaseId, Case>(),
  caseMessages: new MemoryTable<string, SealedMessage>(),
  caseEvents: new MemoryTable<string, CaseEvent>(),
  caseReceipts: new MemoryTable<string, CaseReceiptRow>(),
  auditEntries: new MemoryTable<string, AuditEntry>(),
});

/** Everything that is kept. */
export type MemoryTables = Readonly<ReturnType<typeof newTables>>;

/** The same, to look at. */
export type ReadonlyMemoryTables = {
  readonly [Name in keyof MemoryTables]: MemoryTables[Name] extends MemoryTable<infer Key, infer Row>
    ? ReadonlyMemoryTable<Key, Row>
    : never;
};

/** The same rows in tables that change independently of these. */
export const copyTables = (tables: MemoryTables): MemoryTables => ({
  installation: tables.installation.copy(),
  tenants: tables.tenants.copy(),
  users: tables.users.copy(),
  physicians: tables.physicians.copy(),
  sessions: tables.sessions.copy(),
  refreshTokens: tables.refreshTokens.copy(),
  failureCounters: tables.failureCounters.copy(),
  signingKeys: tables.signingKeys.copy(),
  dataKeys: tables.dataKeys.copy(),
  cases: tables.cases.copy(),
  caseMessages: tables.caseMessages.copy(),
  caseEvents: tables.caseEvents.copy(),
  caseReceipts: tables.caseReceipts.copy(),
  auditEntries: tables.auditEntries.copy(),
});

const defaultTenant = (): Tenant =>
  createTenant(DEFAULT_TENANT_ID, { slug: DEFAULT_TENANT_SLUG, name: 'Default' }, new Date(0));

const tableOf = <Key, Row>(key: Key, row: Row): MemoryTable<Key, Row> =>
  new MemoryTable(new Map([[key, row]]));
