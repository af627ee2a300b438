import type { IndexableRow, RowSlice } from '../../../application/ports/legacy/legacy-index.ts';
import type { LegacyLookup, LegacyRequests } from '../../../application/ports/legacy/legacy-requests.ts';
import type { Clock } from '../../../application/ports/system/clock.ts';
import type { LegacyIdentifier, LegacyIdentifierKind } from '../../../domain/legacy/legacy-identifier.ts';
import { identifiersOf, type LegacyRecord, recordOf } from '../../../domain/legacy/legacy-record.ts';
import type { CaseId } from '../../../domain/shared/ids.ts';
import type { Statement, Statements } from '../statements.ts';
import { indexableOf, isTheirs, requestColumns, type RequestRow } from './indexable-row.ts';
import type { LegacyShape, LegacyStatement } from './legacy-shape.ts';
import { SharedScan } from './shared-scan.ts';
import { UnindexedRows } from './unindexed-rows.ts';

/** Rows that are held at a time of those that are not in the index. */
const SLICE = 5_000;

const IS_COMPLETE: Statement<{ readonly complete: boolean }> = {
  text: 'SELECT completed_at IS NOT NULL AS complete FROM legacy_index_state',
};

const byHash =
  (kind: LegacyIdentifierKind): LegacyStatement<RequestRow> =>
  (columns) => ({
    text: `SELECT ${requestColumns(columns, 'request')}
    FROM legacy_index AS entry JOIN rn_requests AS request ON request.uuid = entry.request_uuid
    WHERE entry.${kind} = $1::bytea AND ${isTheirs('request')} ORDER BY request.uuid`,
  });

const BY_HASH: Readonly<Record<LegacyIdentifierKind, LegacyStatement<RequestRow>>> = {
  legacy_user_id: byHash('legacy_user_id'),
  national_id: byHash('national_id'),
  phone: byHash('phone'),
  email: byHash('email'),
};

const keyOf = (vendorId: string | null, vendorKind: LegacyIdentifierKind | null, said: LegacyIdentifier) =>
  JSON.stringify([vendorId, vendorKind, said.kind, said.normal]);

/** Tells which of the look-ups a row answers as it is now: read once, however many there are, and only where its vendor is asked for. */
function answering(lookups: readonly LegacyLookup[]): (row: IndexableRow) => readonly LegacyLookup[] {
  const byKey = Map.groupBy(lookups, (lookup) => keyOf(lookup.vendorId, lookup.vendorKind, lookup));
  const byVendor = Map.groupBy(lookups, ({ vendorId }) => vendorId);
  const kindsOf = new Map(
    [...byVendor].map(([vendorId, own]) => [vendorId, new Set(own.map(({ vendorKind }) => vendorKind))]),
  );
  return (row) =>
    [...(kindsOf.get(row.vendorId) ?? [])].flatMap((vendorKind) =>
      identifiersOf(row, vendorKind).flatMap(
        (said) => byKey.get(keyOf(row.vendorId, vendorKind, said)) ?? [],
      ),
    );
}

/** The requests of the legacy service, in PostgreSQL. */
export class PostgresLegacyRequests implements LegacyRequests {
  readonly #statements: Statements;
  readonly #shape: LegacyShape;
  readonly #clock: Clock;
  readonly #unindexed: UnindexedRows;
  readonly #unbuilt = new SharedScan(() => this.#slices(), answering);
  #isComplete = false;

  constructor(statements: Statements, shape: LegacyShape, clock: Clock) {
    this.#statements = statements;
    this.#shape = shape;
    this.#clock = clock;
    this.#unindexed = new UnindexedRows(statements, shape);
  }

  async findByIdentifier(lookup: LegacyLookup): Promise<readonly LegacyRecord[]> {
    const answers = answering([lookup]);
    const isFound = (row: IndexableRow) => answers(row).length > 0;
    // What is put in the index meanwhile is found by it afterwards; the other way round it would be missed by both.
    const unindexed = await this.#findUnindexed(lookup, isFound);
    const rows = await this.#shape.run(this.#statements, BY_HASH[lookup.kind], [lookup.hash]);
    const indexed = rows.map(indexableOf).filter(isFound);
    return [...new Map([...unindexed, ...indexed].map((row) => [row.caseId, recordOf(row)])).values()];
  }

  async #findUnindexed(
    lookup: LegacyLookup,
    isFound: (row: IndexableRow) => boolean,
  ): Promise<readonly IndexableRow[]> {
    if (!(await this.#completed())) return this.#unbuilt.find(lookup);
    return (await this.#unindexed.fresh(this.#clock.now(), SLICE)).filter(isFound);
  }

  async *#slices(): AsyncGenerator<readonly IndexableRow[]> {
    let after: CaseId | null = null;
    do {
      const { rows, through }: RowSlice<IndexableRow> = await this.#unindexed.slice(after, SLICE);
      yield rows;
      after = through;
    } while (after !== null);
  }

  /** Asked until it is: an index that was complete once is never built again. */
  async #completed(): Promise<boolean> {
    this.#isComplete ||= (await this.#statements.run(IS_COMPLETE, []))[0]?.complete ?? false;
    return this.#isComplete;
  }
}
