import type { Case } from '../../domain/cases/case.ts';
import type { Statement, Statements } from './statements.ts';

interface ColumnRow {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
}

const INSPECT: Statement<ColumnRow> = {
  text: `SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
    WHERE attrelid = 'rn_requests'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
};

const TEXT = /^(?:text|character varying|character)\b/;
const UUID = /^(?:uuid|text|character varying)\b/;
const TIMESTAMP = /^timestamp\b/;

/** The columns that Casegate fills for the legacy service, with the types in which they can be filled. */
const FILLED = [
  { name: 'uuid', type: 'uuid', fits: UUID },
  { name: 'user_uuid', type: 'uuid', fits: UUID },
  { name: 'vendor_id', type: 'text', fits: TEXT },
  { name: 'language', type: 'text', fits: TEXT },
  { name: 'created_at', type: 'timestamptz', fits: TIMESTAMP },
] as const;

/** The row of a new case in `rn_requests`, for the legacy service to see; its text is kept elsewhere. */
export const rowOfLegacyRequest = (submitted: Case) => ({
  uuid: submitted.id,
  user_uuid: submitted.patientId,
  vendor_id: submitted.vendorId,
  language: submitted.language,
  created_at: submitted.createdAt,
});

/** The columns of `rn_requests` that exist in this installation, of those that Casegate fills. */
export class LegacyRequests {
  #columns: Promise<Readonly<Record<string, string>>> | null = null;

  /**
   * Looks once; what a failed look would have found is looked up again.
   *
   * @returns the columns, each with the types that its value goes through
   */
  columns(statements: Statements): Promise<Readonly<Record<string, string>>> {
    this.#columns ??= inspect(statements).catch((error: unknown) => {
      this.#columns = null;
      throw error;
    });
    return this.#columns;
  }
}

async function inspect(statements: Statements): Promise<Readonly<Record<string, string>>> {
  const rows = await statements.run(INSPECT, []);
  const existing = new Map(rows.map(({ name, type }) => [name, type]));
  const filled = FILLED.flatMap(({ name, type, fits }) => {
    const theirs = existing.get(name);
    return theirs !== undefined && fits.test(theirs) ? [[name, `${type}::${theirs}`] as const] : [];
  });
  return Object.fromEntries(filled);
}
