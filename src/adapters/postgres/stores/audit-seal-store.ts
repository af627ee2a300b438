import type {
  AuditSealStore,
  ChainEnd,
  EntryWalk,
  LinkedEntry,
  SealableEntries,
  SealingPosition,
  StrayRows,
  WalkedEntries,
} from '../../../application/ports/stores/audit-seal-store.ts';
import type { AuditSeal, SealedBatch } from '../../../domain/audit/audit-chain.ts';
import { arraysIn, arraysOf, columnList, insertInto, parametersOf } from '../columns.ts';
import { auditRecord } from '../rows/audit-row.ts';
import {
  AUDIT_LINK_COLUMNS,
  AUDIT_SEAL_COLUMNS,
  auditHeadOfRow,
  type AuditHeadRow,
  type AuditLinkRow,
  auditLinkOfRow,
  type AuditSealRow,
  auditSealOfRow,
  countOf,
  rowOfAuditLink,
  rowOfAuditSeal,
} from '../rows/audit-seal-row.ts';
import type { Statement, Statements } from '../statements.ts';

/** Before every entry: no transaction and no id is that low. */
const START: SealingPosition = {
  transaction: '0',
  entryId: '00000000-0000-0000-0000-000000000000',
  everything: true,
};

/** Transactions before `low` are over; those from `high` on have not begun. Read in the statement that looks at entries. */
const MOMENT =
  'moment AS MATERIALIZED (SELECT pg_snapshot_xmin(s) AS low, pg_snapshot_xmax(s) AS high FROM pg_current_snapshot() AS s)';

const SEAL_COLUMNS = columnList(AUDIT_SEAL_COLUMNS).replace('horizon', 'horizon::text AS horizon');

const READ_HEAD: Statement<AuditHeadRow> = { text: 'SELECT number, mac FROM audit_head' };

/**
 * Whether a horizon tells where unsealed entries are. It was not taken by this server where its transaction has not begun here; nor was
 * the last entry, and it shows that others from there may be unsealed as well.
 */
const IS_SETTLED: Statement<{ readonly settled: boolean }> = {
  text: `WITH ${MOMENT}
    SELECT $1::xid8 <= high AND NOT EXISTS (
      SELECT FROM (SELECT uuid, xact FROM audit_entries ORDER BY xact DESC LIMIT 1) AS last
      WHERE xact >= high AND (SELECT true FROM audit_links WHERE entry_uuid = last.uuid LIMIT 1) IS NULL
    ) AS settled FROM moment`,
};

const FIND_SEAL: Statement<AuditSealRow> = {
  text: `SELECT ${SEAL_COLUMNS} FROM audit_seals WHERE number = $1::bigint`,
};

/** An entry that is looked at; all but `low` and `high` are `null` where there is none. */
interface CandidateRow {
  readonly low: string;
  readonly settled_horizon: boolean | null;
  readonly uuid: string | null;
  readonly xact: string | null;
  /** The lesser one of its transaction and `low`. */
  readonly horizon: string | null;
  /** `null` for a sealed one. */
  readonly record: string | null;
}

/** Links are looked up one by one: the planner might otherwise read all of them. */
const listSealable = (which: string): Statement<CandidateRow> => ({
  text: `WITH ${MOMENT}, candidates AS MATERIALIZED (
      SELECT * FROM audit_entries
      WHERE xact >= $1::xid8 AND (xact, uuid) > ($1::xid8, $2::uuid) AND (${which})
      ORDER BY xact, uuid LIMIT $3::integer
    )
    SELECT low::text, $4::xid8 <= high AS settled_horizon, c.uuid, c.xact::text,
      CASE WHEN c.xact < low THEN c.xact ELSE low END::text AS horizon,
      CASE WHEN (SELECT true FROM audit_links WHERE entry_uuid = c.uuid LIMIT 1) IS NULL THEN ${auditRecord('c')} END AS record
    FROM moment LEFT JOIN candidates AS c ON true ORDER BY c.xact, c.uuid`,
});

const LIST_SEALABLE = listSealable('xact < (SELECT low FROM moment)');

/** Also those of transactions that have not begun here: they were brought from another server. */
const LIST_SEALABLE_OF_ALL = listSealable(
  'xact < (SELECT low FROM moment) OR xact >= (SELECT high FROM moment)',
);

const LINK_ARRAYS = arraysIn(AUDIT_LINK_COLUMNS, 3 + Object.keys(AUDIT_SEAL_COLUMNS).length);

/** The head's parameters, the seal's, and the columns of the links. */
const APPEND: Statement<{ readonly number: number }> = {
  text: `WITH moved AS (
      UPDATE audit_head SET number = $1::bigint, mac = $2::bytea WHERE number = $1::bigint - 1 RETURNING number
    ), sealed AS (
      ${insertInto('audit_seals', AUDIT_SEAL_COLUMNS, 3, 'moved')}
    ), linked AS (
      INSERT INTO audit_links (${columnList(AUDIT_LINK_COLUMNS)}) SELECT link.* FROM moved, unnest(${LINK_ARRAYS}) AS link
    )
    SELECT number FROM moved`,
};

/** Whoever verifies sees all rows of a key, also where somebody has dropped what keeps it from being there twice: `WITH TIES`. */
const LIST_SEALS: Statement<AuditSealRow> = {
  text: `SELECT ${SEAL_COLUMNS} FROM audit_seals WHERE number > $1::bigint AND number <= $2::bigint
    ORDER BY number FETCH FIRST ($3::integer) ROWS WITH TIES`,
};

const LIST_LINKS: Statement<AuditLinkRow & { readonly record: string | null }> = {
  text: `SELECT ${columnList(AUDIT_LINK_COLUMNS, 'l')}, entry.record
    FROM (
      SELECT * FROM audit_links WHERE position BETWEEN $1::bigint AND $2::bigint
      ORDER BY position FETCH FIRST ($3::integer) ROWS WITH TIES
    ) AS l
    LEFT JOIN LATERAL (
      SELECT ${auditRecord('e')} AS record FROM audit_entries AS e WHERE e.uuid = l.entry_uuid LIMIT 1
    ) AS entry ON true
    ORDER BY l.position`,
};

interface WalkedRow {
  readonly entries: number;
  readonly unlinked: number;
  readonly astray: readonly string[];
  readonly doubled: readonly string[];
  readonly last: string | null;
}

/** Those from the last horizon on are sealed later; those that have not begun here were brought from another server, and sealed with it. */
const walkEntries = (condition: string): Statement<WalkedRow> => ({
  text: `WITH ${MOMENT}, walked AS MATERIALIZED (
      SELECT uuid, xact FROM audit_entries WHERE ${condition}
      ORDER BY uuid FETCH FIRST ($4::integer) ROWS WITH TIES
    ), unlinked AS (
      SELECT uuid, xact FROM walked WHERE (
        SELECT true FROM audit_links WHERE entry_uuid = walked.uuid AND position BETWEEN 1 AND $2::bigint LIMIT 1
      ) IS NULL
    )
    SELECT (SELECT count(*)::integer FROM walked) AS entries, (SELECT count(*)::integer FROM unlinked) AS unlinked,
      ARRAY(
        SELECT uuid FROM unlinked, moment
        WHERE $3::xid8 IS NOT NULL AND (xact < $3::xid8 OR xact >= high) ORDER BY uuid
      ) AS astray,
      ARRAY(SELECT uuid FROM walked GROUP BY uuid HAVING count(*) > 1 ORDER BY uuid) AS doubled,
      (SELECT uuid FROM walked ORDER BY uuid DESC LIMIT 1) AS last`,
});

const FIND_BEFORE: Statement<{ readonly found: boolean }> = {
  text: 'SELECT EXISTS (SELECT FROM audit_entries WHERE at < $1::timestamptz) AS found',
};

const WALK_FIRST = walkEntries('$1::uuid IS NULL');
const WALK_ON = walkEntries('uuid > $1::uuid');

/** Keys of a table before 1 and above `last`; each side is read by the table's key. */
const straysOf = (table: string, key: string, last: string): string =>
  `ARRAY(
      (SELECT ${key} FROM ${table} WHERE ${key} < 1 ORDER BY ${key} LIMIT $1::integer)
      UNION ALL (SELECT ${key} FROM ${table} WHERE ${key} > (SELECT ${last} FROM head) ORDER BY ${key} LIMIT $1::integer)
    )`;

const LIST_STRAYS: Statement<{
  readonly positions: readonly (number | string)[];
  readonly numbers: readonly (number | string)[];
}> = {
  text: `WITH head AS MATERIALIZED (
      SELECT h.number, coalesce(s.last_position, 0) AS position
      FROM audit_head AS h LEFT JOIN audit_seals AS s ON s.number = h.number
    )
    SELECT ${straysOf('audit_links', 'position', 'position')} AS positions,
      ${straysOf('audit_seals', 'number', 'number')} AS numbers`,
};

/** The chain over all audit trails, in PostgreSQL. */
export class PostgresAuditSealStore implements AuditSealStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async readEnd(): Promise<ChainEnd> {
    const [head] = await this.#statements.run(READ_HEAD, []);
    if (!head) return { head: null, seal: null };
    const [seal] = await this.#statements.run(FIND_SEAL, [countOf(head.number)]);
    return { head: auditHeadOfRow(head), seal: seal ? auditSealOfRow(seal) : null };
  }

  async isSettled(horizon: string): Promise<boolean> {
    const [row] = await this.#statements.run(IS_SETTLED, [horizon]);
    return row?.settled ?? false;
  }

  async listSealable(
    horizon: string | null,
    after: SealingPosition | null,
    limit: number,
  ): Promise<SealableEntries> {
    const from = after ?? (await this.#startOf(horizon));
    const statement = from.everything ? LIST_SEALABLE_OF_ALL : LIST_SEALABLE;
    const rows = await this.#statements.run(statement, [from.transaction, from.entryId, limit, horizon]);
    return sealableOf(rows, { limit, everything: from.everything });
  }

  async append({ head, links, seal }: SealedBatch): Promise<boolean> {
    const appended = await this.#statements.run(APPEND, [
      head.number,
      head.mac,
      ...parametersOf(AUDIT_SEAL_COLUMNS, rowOfAuditSeal(seal)),
      ...arraysOf(AUDIT_LINK_COLUMNS, links.map(rowOfAuditLink)),
    ]);
    return appended.length > 0;
  }

  async listSeals(after: number, last: number, limit: number): Promise<readonly AuditSeal[]> {
    return (await this.#statements.run(LIST_SEALS, [after, last, limit])).map(auditSealOfRow);
  }

  async listLinks(first: number, last: number, limit: number): Promise<readonly LinkedEntry[]> {
    const rows = await this.#statements.run(LIST_LINKS, [first, last, limit]);
    return rows.map((row) => ({ ...auditLinkOfRow(row), record: row.record }));
  }

  async hasEntryBefore(time: Date): Promise<boolean> {
    const [row] = await this.#statements.run(FIND_BEFORE, [time]);
    return row?.found ?? false;
  }

  async walkEntries({ after, horizon, lastPosition, limit }: EntryWalk): Promise<WalkedEntries> {
    const statement = after === null ? WALK_FIRST : WALK_ON;
    const [row] = await this.#statements.run(statement, [after, lastPosition, horizon, limit]);
    const { astray = [], doubled = [], entries = 0, last = null, unlinked = 0 } = row ?? {};
    return { entries, unlinked, astray, doubled, next: entries < limit ? null : last };
  }

  async listStrays(limit: number): Promise<StrayRows> {
    const [row] = await this.#statements.run(LIST_STRAYS, [limit]);
    return {
      positions: (row?.positions ?? []).map(countOf),
      numbers: (row?.numbers ?? []).map(countOf),
    };
  }

  async #startOf(horizon: string | null): Promise<SealingPosition> {
    return horizon !== null && (await this.isSettled(horizon))
      ? { ...START, transaction: horizon, everything: false }
      : START;
  }
}

/** @param rows the entries that were looked at, in order; one without an entry where there was none */
function sealableOf(
  rows: readonly CandidateRow[],
  { everything, limit }: { readonly everything: boolean; readonly limit: number },
): SealableEntries {
  const [first] = rows;
  if (!first) throw new Error('The database did not tell its moment.');
  const last = rows.at(-1);
  const entries = rows.flatMap(({ record, uuid }) =>
    uuid === null || record === null ? [] : [{ id: uuid, record }],
  );
  const isDue = first.settled_horizon === false;
  if (rows.length < limit || last?.uuid == null || last.xact === null || last.horizon === null) {
    return { entries, horizon: first.low, isDue, next: null };
  }
  const next = { transaction: last.xact, entryId: last.uuid, everything };
  return { entries, horizon: last.horizon, isDue: false, next };
}
