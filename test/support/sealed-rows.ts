import { randomUUID } from 'node:crypto';
import type { Statements } from '../../src/adapters/postgres/statements.ts';
import { SEALED_COLUMNS } from '../../src/adapters/postgres/rows/sealed-columns.ts';
import type { SealedText, TextCipher } from '../../src/application/ports/security/text-cipher.ts';
import type { KeptText, SealedColumn } from '../../src/application/ports/stores/sealed-text-store.ts';
import { placeOf } from '../../src/application/steps/sealed-places.ts';
import type { TenantId } from '../../src/domain/shared/ids.ts';

const COLUMNS = Object.keys(SEALED_COLUMNS) as readonly SealedColumn[];

const INSERT_USER = `INSERT INTO users (uuid, tenant_uuid, email, role, language, created_at, updated_at)
  VALUES ($1::uuid, $2, $1::uuid::text, 'patient', 'en', now(), now())`;
const INSERT_CASE = `INSERT INTO cases (uuid, tenant_uuid, state, language, priority, patient_uuid, due_at, created_at, updated_at)
  VALUES ($1, $2, 'queued', 'en', 'routine', $3, now(), now(), now())`;
const INSERT_EVENT = `INSERT INTO case_events (uuid, tenant_uuid, case_uuid, type, to_state, version, at)
  VALUES ($1, $2, $3, 'submitted', 'queued', 1, now())`;
const INSERT_MESSAGE = `INSERT INTO case_messages (uuid, tenant_uuid, case_uuid, kind, author_role, key_uuid, body, at)
  VALUES ($1, $2, $3, 'question', 'patient', $4, $5, now())`;
const INSERT_REASON = `INSERT INTO case_reasons (event_uuid, tenant_uuid, case_uuid, key_uuid, body)
  VALUES ($1, $2, $3, $4, $5)`;
const INSERT_GRANT = `INSERT INTO break_glass_grants (uuid, tenant_uuid, case_uuid, admin_uuid, created_at, expires_at,
    reviewed_at, reviewer_uuid, outcome, key_uuid, reason, note_key_uuid, note)
  VALUES ($1, $2, $3, $4, now(), now(), now(), $4, 'justified', $5, $6, $7, $8)`;
const INSERT_LINK = `INSERT INTO legacy_links (uuid, tenant_uuid, user_uuid, kind, identifier_hash, status, created_at, updated_at,
    key_uuid, identifier, reason_key_uuid, reason)
  VALUES ($1, $2, $3, 'email', 'x', 'rejected', now(), now(), $4, $5, $6, $7)`;
const INSERT_TOTP = `INSERT INTO totp_factors (user_uuid, tenant_uuid, confirmed_at, last_step, key_uuid, secret,
    pending_since, pending_key_uuid, pending_secret)
  VALUES ($1, $2, now(), 1, $3, $4, now(), $5, $6)`;
const INSERT_RESET = `INSERT INTO mfa_resets (uuid, tenant_uuid, user_uuid, requested_at, due_at, key_uuid, reason)
  VALUES ($1, $2, $3, now(), now(), $4, $5)`;
const INSERT_ENTRY = `INSERT INTO outbox (uuid, tenant_uuid, topic, recipient, created_at, due_at, key_uuid, payload)
  VALUES ($1, $2, 'mail', 'x', now(), now(), $3, $4)`;

/** A tenant's rows that hold a text of every kind. */
export interface SealedRows {
  readonly userId: string;
  readonly caseId: string;
  /** By column, what the text says. */
  readonly texts: Readonly<Record<SealedColumn, string>>;
}

/** Adds rows with one text of every kind, each sealed for its place: in PostgreSQL, whatever the rules of the workflow say. */
export async function plantSealedRows(
  statements: Statements,
  textCipher: TextCipher,
  tenantId: TenantId,
): Promise<SealedRows> {
  const run = (text: string, ...values: unknown[]) => statements.run({ text }, values);
  const [userId, caseId, eventId, grantId, messageId, linkId, resetId, entryId] = Array.from(
    { length: 8 },
    () => randomUUID(),
  ) as [string, string, string, string, string, string, string, string];
  const texts = Object.fromEntries(
    COLUMNS.map((column) => [column, `${column} of ${caseId}`]),
  ) as SealedRows['texts'];
  const sealed = async (column: SealedColumn, rowId: string): Promise<readonly [string, Uint8Array]> => {
    const { keyId, bytes } = await textCipher.seal(placeOf({ column, tenantId, rowId }), texts[column]);
    return [keyId, bytes];
  };
  await run(INSERT_USER, userId, tenantId);
  await run(INSERT_CASE, caseId, tenantId, userId);
  await run(INSERT_EVENT, eventId, tenantId, caseId);
  await run(INSERT_MESSAGE, messageId, tenantId, caseId, ...(await sealed('case_messages.body', messageId)));
  await run(INSERT_REASON, eventId, tenantId, caseId, ...(await sealed('case_reasons.body', eventId)));
  const grantTexts = [
    ...(await sealed('break_glass_grants.reason', grantId)),
    ...(await sealed('break_glass_grants.note', grantId)),
  ];
  await run(INSERT_GRANT, grantId, tenantId, caseId, userId, ...grantTexts);
  const secrets = [
    ...(await sealed('totp_factors.secret', userId)),
    ...(await sealed('totp_factors.pending_secret', userId)),
  ];
  const identifier = await sealed('legacy_links.identifier', linkId);
  const reason = await sealed('legacy_links.reason', linkId);
  await run(INSERT_LINK, linkId, tenantId, userId, ...identifier, ...reason);
  await run(INSERT_TOTP, userId, tenantId, ...secrets);
  await run(INSERT_RESET, resetId, tenantId, userId, ...(await sealed('mfa_resets.reason', resetId)));
  await run(INSERT_ENTRY, entryId, tenantId, ...(await sealed('outbox.payload', entryId)));
  return { userId, caseId, texts };
}

/** Every sealed text that there is, wherever it is kept. */
export async function readSealedTexts(statements: Statements): Promise<readonly KeptText[]> {
  const found = await Promise.all(
    COLUMNS.map(async (column) => {
      const [table, name] = column.split('.') as [string, string];
      const { id, key } = SEALED_COLUMNS[column];
      const text = `SELECT tenant_uuid AS "tenantId", ${id} AS "rowId", ${key} AS "keyId", ${name} AS bytes
        FROM ${table} WHERE ${key} IS NOT NULL`;
      type Row = Pick<KeptText, 'tenantId' | 'rowId'> & SealedText;
      const rows = await statements.run<Row>({ text }, []);
      return rows.map(({ tenantId, rowId, keyId, bytes }) => ({
        column,
        tenantId,
        rowId,
        sealed: { keyId, bytes },
      }));
    }),
  );
  return found.flat();
}

/** Opens every sealed text that there is, and gives what they say, in the order of the alphabet. */
export async function openSealedTexts(
  statements: Statements,
  textCipher: TextCipher,
): Promise<readonly string[]> {
  const texts = await readSealedTexts(statements);
  const opened = texts.map((text) => textCipher.open(placeOf(text), text.sealed));
  return (await Promise.all(opened)).toSorted();
}
