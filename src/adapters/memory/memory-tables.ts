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
  type TenantId,
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

/** Octets as the key of a row. */
export const octetKey = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');

/** A new installation: no records but the default tenant. */
export const newTables = () => ({
  tenants: tableOfDefaultTenant(),
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

function tableOfDefaultTenant(): MemoryTable<TenantId, Tenant> {
  const tenants = new MemoryTable<TenantId, Tenant>();
  const given = { slug: DEFAULT_TENANT_SLUG, name: 'Default' };
  tenants.add(DEFAULT_TENANT_ID, createTenant(DEFAULT_TENANT_ID, given, new Date(0)));
  return tenants;
}
