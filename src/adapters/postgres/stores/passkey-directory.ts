import type { PasskeyDirectory } from '../../../application/ports/stores/second-factor-store.ts';
import type { Passkey } from '../../../domain/access/second-factor.ts';
import { columnList } from '../columns.ts';
import { PASSKEY_COLUMNS, type PasskeyRow, passkeyOfRow } from '../rows/passkey-row.ts';
import type { Statement, Statements } from '../statements.ts';

const FIND: Statement<PasskeyRow> = {
  text: `SELECT ${columnList(PASSKEY_COLUMNS)} FROM passkeys WHERE credential_id = $1::text`,
};

/** The passkeys of all tenants, in PostgreSQL. */
export class PostgresPasskeyDirectory implements PasskeyDirectory {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async find(credentialId: string): Promise<Passkey | null> {
    const [row] = await this.#statements.run(FIND, [credentialId]);
    return row ? passkeyOfRow(row) : null;
  }
}
