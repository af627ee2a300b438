import type { Kysely } from 'kysely';
import type {
  SigningKeyStore,
  StoredSigningKey,
} from '../../../application/ports/stores/signing-key-store.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import { SIGNING_KEYS_CHANNEL } from '../channels.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import { inTransaction } from '../in-transaction.ts';
import { PoolStatements } from '../pool-statements.ts';
import { AUDIT_COLUMNS, rowOfAudit } from '../rows/audit-row.ts';
import {
  rowOfSigningKey,
  SIGNING_KEY_COLUMNS,
  type SigningKeyRow,
  signingKeyOfRow,
} from '../rows/signing-key-row.ts';
import type { Statement, Statements } from '../statements.ts';

const LIST_ACCEPTED: Statement<SigningKeyRow> = {
  text: `SELECT ${columnList(SIGNING_KEY_COLUMNS)} FROM signing_keys
    WHERE accepted_until IS NULL OR $1::timestamptz < accepted_until
    ORDER BY created_at DESC, kid DESC`,
};

// A statement of its own, so that the next one sees what the one before us in the queue has done.
const TAKE_TURNS: Statement<never> = { text: 'LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE' };

const SIGNS: Statement<{ readonly signs: boolean }> = {
  text: 'SELECT EXISTS (SELECT FROM signing_keys WHERE accepted_until IS NULL) AS signs',
};

const ADD: Statement<never> = { text: insertInto('signing_keys', SIGNING_KEY_COLUMNS) };

const AUDIT: Statement<never> = { text: insertInto('audit_entries', AUDIT_COLUMNS) };

const RETIRE: Statement<never> = {
  text: 'UPDATE signing_keys SET accepted_until = $1::timestamptz WHERE accepted_until IS NULL',
};

const NOTIFY: Statement<never> = { text: `SELECT pg_notify('${SIGNING_KEYS_CHANNEL}', '')` };

/** The installation's signing keys, in PostgreSQL. */
export class PostgresSigningKeyStore implements SigningKeyStore {
  readonly #kysely: Kysely<unknown>;
  readonly #statements: Statements;

  constructor(kysely: Kysely<unknown>) {
    this.#kysely = kysely;
    this.#statements = new PoolStatements(kysely);
  }

  async listAccepted(now: Date): Promise<readonly StoredSigningKey[]> {
    const rows = await this.#statements.run(LIST_ACCEPTED, [now]);
    return rows.map(signingKeyOfRow);
  }

  async addFirst(key: StoredSigningKey): Promise<boolean> {
    return inTransaction(this.#kysely, async (statements) => {
      await statements.run(TAKE_TURNS, []);
      const [known] = await statements.run(SIGNS, []);
      if (known?.signs) return false;
      await addKey(statements, key);
      return true;
    });
  }

  async addAndRetireOthers(
    key: StoredSigningKey,
    othersAcceptedUntil: Date,
    audit: AuditEntry,
  ): Promise<void> {
    await inTransaction(this.#kysely, async (statements) => {
      await statements.run(TAKE_TURNS, []);
      await statements.run(RETIRE, [othersAcceptedUntil]);
      await addKey(statements, key);
      await statements.run(AUDIT, parametersOf(AUDIT_COLUMNS, rowOfAudit(audit)));
    });
  }
}

async function addKey(statements: Statements, key: StoredSigningKey): Promise<void> {
  await statements.run(ADD, parametersOf(SIGNING_KEY_COLUMNS, rowOfSigningKey(key)));
  await statements.run(NOTIFY, []);
}
