import {
  LegacyRowColumns,
  rowOfLegacyRequest,
} from '../../src/adapters/postgres/legacy/legacy-row-columns.ts';
import { AUDIT_COLUMNS, type AuditRow, rowOfAudit } from '../../src/adapters/postgres/rows/audit-row.ts';
import { CASE_EVENT_COLUMNS, rowOfEvent } from '../../src/adapters/postgres/rows/case-event-row.ts';
import { CASE_MESSAGE_COLUMNS, rowOfMessage } from '../../src/adapters/postgres/rows/case-message-row.ts';
import { CASE_REASON_COLUMNS, rowOfReason } from '../../src/adapters/postgres/rows/case-reason-row.ts';
import { CASE_RECEIPT_COLUMNS, rowOfReceipt } from '../../src/adapters/postgres/rows/case-receipt-row.ts';
import { CASE_COLUMNS, rowOfCase } from '../../src/adapters/postgres/rows/case-row.ts';
import { rowOfUser, USER_COLUMNS } from '../../src/adapters/postgres/rows/user-row.ts';
import type { Statements } from '../../src/adapters/postgres/statements.ts';
import type { KeyedHash } from '../../src/application/ports/security/keyed-hash.ts';
import type { TextCipher } from '../../src/application/ports/security/text-cipher.ts';
import { auditEntryOf } from '../../src/application/steps/audit-entry-of.ts';
import { caseChangeOf } from '../../src/application/steps/case-change.ts';
import { sealMessage, sealReason } from '../../src/application/steps/case-texts.ts';
import type { AuditEntry } from '../../src/domain/audit/audit-entry.ts';
import type { Case, CaseMessageKind } from '../../src/domain/cases/case.ts';
import { ANONYMOUS_SECONDS } from '../../src/domain/cases/timers.ts';
import type { User } from '../../src/domain/identity/user.ts';
import { addSeconds } from '../../src/domain/shared/time.ts';
import type { CaseLife } from './case-life.ts';
import type { SeedConnection, TableRows } from './seed-connection.ts';
import type { SeedActor, SeedWorld } from './seed-world.ts';
import type { SeededRandom } from './seeded-random.ts';
import { textOf } from './texts.ts';

const ASSIGNMENT_COLUMNS = {
  case_uuid: 'uuid',
  tenant_uuid: 'uuid',
  physician_tenant_uuid: 'uuid',
  physician_uuid: 'uuid',
  assigned_at: 'timestamptz',
};

/** As long and as whole as any row that is seeded, so that each column that takes it takes all of them. */
const LONGEST_REQUEST = {
  uuid: '00000000-0000-7000-8000-000000000000',
  user_uuid: null,
  vendor_id: 'seed-vendor-00',
  language: 'en-GB',
  created_at: new Date(0),
};

/** What sealing needs. */
interface Sealing {
  readonly textCipher: TextCipher;
  readonly keyedHash: KeyedHash;
}

/** By tenant and actor, the newest first: so most of the indexes of the trail get their entries side by side, and stay smaller. */
function inOrderOfIndexes(a: AuditRow, b: AuditRow): number {
  if (a.tenant_uuid !== b.tenant_uuid) return a.tenant_uuid < b.tenant_uuid ? -1 : 1;
  const [actor, other] = [a.actor_id ?? '', b.actor_id ?? ''];
  if (actor !== other) return actor < other ? -1 : 1;
  return a.uuid > b.uuid ? -1 : 1;
}

/** The rows that lives of cases leave in the tables, until they are written. */
export class CaseRows {
  readonly #sealing: Sealing;
  readonly #world: SeedWorld;
  readonly #legacy: Readonly<Record<string, string>>;
  readonly #users: object[] = [];
  readonly #requests: object[] = [];
  readonly #cases: object[] = [];
  readonly #messages: object[] = [];
  readonly #events: object[] = [];
  readonly #reasons: object[] = [];
  readonly #assignments: object[] = [];
  readonly #receipts: object[] = [];
  readonly #audit: AuditRow[] = [];

  constructor(sealing: Sealing, world: SeedWorld, legacy: Readonly<Record<string, string>>) {
    this.#sealing = sealing;
    this.#world = world;
    this.#legacy = legacy;
  }

  /** The columns of the legacy service's table that this installation has. */
  static legacyColumns(statements: Statements): Promise<Readonly<Record<string, string>>> {
    return new LegacyRowColumns().use(LONGEST_REQUEST, statements, ({ filled }) => Promise.resolve(filled));
  }

  addUser(user: User): void {
    this.#users.push(rowOfUser(user));
  }

  /** Adds all that a life leaves; the texts are made up and sealed. */
  async add(life: CaseLife, random: SeededRandom): Promise<void> {
    const { present, submission, submitter } = life;
    const { submitted, event } = submission;
    this.#requests.push({ ...rowOfLegacyRequest(submitted), user_uuid: present.patientId });
    this.#cases.push(rowOfCase(present));
    this.#events.push(rowOfEvent(present.tenantId, event));
    this.#addAudit(random, submitter, present, 'cases.submitted', event.at);
    await this.#addMessage(random, submitter, present, 'question', event.at);
    for (const deed of life.deeds) await this.#addDeed(deed, random);
    if (life.reading) {
      this.#addAudit(random, life.reading.reader, present, 'cases.text-read', life.reading.at);
    }
    if (submitted.patientId === null) this.#addReceipt(present, event.at);
    this.#addAssignment(life);
  }

  /** Keeps the accounts that were added, so that others may refer to them. */
  async writeUsers(connection: SeedConnection): Promise<void> {
    await connection.write([{ table: 'users', columns: USER_COLUMNS, rows: this.#users }]);
  }

  /** Keeps everything else: all of it or nothing. */
  async write(connection: SeedConnection): Promise<void> {
    this.#audit.sort(inOrderOfIndexes);
    const tables: readonly TableRows[] = [
      { table: 'rn_requests', columns: this.#legacy, rows: this.#requests },
      { table: 'cases', columns: CASE_COLUMNS, rows: this.#cases },
      { table: 'case_messages', columns: CASE_MESSAGE_COLUMNS, rows: this.#messages },
      { table: 'case_events', columns: CASE_EVENT_COLUMNS, rows: this.#events },
      { table: 'case_reasons', columns: CASE_REASON_COLUMNS, rows: this.#reasons },
      { table: 'assignments', columns: ASSIGNMENT_COLUMNS, rows: this.#assignments },
      { table: 'case_receipts', columns: CASE_RECEIPT_COLUMNS, rows: this.#receipts },
      { table: 'audit_entries', columns: AUDIT_COLUMNS, rows: this.#audit },
    ];
    await connection.write(tables);
  }

  async #addDeed({ actor, message, reason, transition }: CaseLife['deeds'][number], random: SeededRandom) {
    const { after, event } = transition;
    const { audit } = caseChangeOf({ next: () => random.uuid(event.at) }, actor, transition);
    this.#events.push(rowOfEvent(after.tenantId, event));
    this.#audit.push(rowOfAudit(audit));
    if (message !== null) await this.#addMessage(random, actor, after, message, event.at);
    if (reason) {
      const text = textOf(random, after.language, 'info-request');
      const sealed = await sealReason(this.#sealing.textCipher, after, event.id, text);
      this.#reasons.push(rowOfReason(after.tenantId, event, sealed));
    }
  }

  async #addMessage(random: SeededRandom, author: SeedActor, about: Case, kind: CaseMessageKind, at: Date) {
    const isUser = author.kind === 'user';
    const authorRole = !isUser ? 'anonymous' : author.role === 'patient' ? 'patient' : 'physician';
    const authorId = isUser ? author.userId : null;
    const text = textOf(random, about.language, kind);
    const sealing = { ...this.#sealing, idGenerator: { next: () => random.uuid(at) } };
    const sealed = await sealMessage(sealing, about, { kind, authorRole, authorId, text }, at);
    this.#messages.push(rowOfMessage(about.tenantId, sealed));
  }

  #addAudit(random: SeededRandom, actor: SeedActor, { id, tenantId }: Case, action: string, at: Date): void {
    const act = { action, subject: { type: 'case', id } };
    const entry: AuditEntry = auditEntryOf({ next: () => random.uuid(at) }, { ...actor, tenantId }, act, at);
    this.#audit.push(rowOfAudit(entry));
  }

  #addAssignment({ assignedAt, present: { id, physicianId, tenantId } }: CaseLife): void {
    if (physicianId === null || assignedAt === null) return;
    this.#assignments.push({
      case_uuid: id,
      tenant_uuid: tenantId,
      physician_tenant_uuid: this.#world.doctor(physicianId).physician.tenantId,
      physician_uuid: physicianId,
      assigned_at: assignedAt,
    });
  }

  #addReceipt(present: Case, at: Date): void {
    const { keyedHash } = this.#sealing;
    const expiresAt = addSeconds(at, ANONYMOUS_SECONDS);
    // Those that have expired are purged by the service.
    if (expiresAt < this.#world.now) return;
    const receipt = Buffer.from(keyedHash.of('case-receipt-secret', present.id)).toString('base64url');
    const hash = keyedHash.of('case-receipt', receipt);
    this.#receipts.push(rowOfReceipt(present, { hash, expiresAt }));
  }
}
