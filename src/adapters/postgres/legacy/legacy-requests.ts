import type { IndexableRow, RowSlice } from '../../../application/ports/legacy/legacy-index.ts';
import type { LegacyLookup, LegacyRequests } from '../../../application/ports/legacy/legacy-requests.ts';
import type { Clock } from '../../../application/ports/system/clock.ts';
import type { LegacyIdentifierKind } from '../../../domain/legacy/legacy-identifier.ts';
import { identifiersOf, type LegacyRecord } from '../../../domain/legacy/legacy-record.ts';
import type { CaseId } from '../../../domain/shared/ids.ts';
import type { Statement, Statements } from '../statements.ts';
import { indexableOf, isTheirs, requestColumns, type RequestRow } from './indexable-row.ts';
import type { LegacyShape, RequestColumns } from './legacy-shape.ts';
import { SharedScan } from './shared-scan.ts';
import { UnindexedRows } from './unindexed-rows.ts';

/** Rows that are held at a time of those that are not in the index. */
const SLICE = 5_000;

const IS_COMPLETE: Statement<{ readonly complete: boolean }> = {
  text: 'SELECT completed_at IS NOT NULL AS complete FROM legacy_index_state',
};

const byHash = (columns: RequestColumns, kind: LegacyIdentifierKind): Statement<RequestRow> => ({
  text: `SELECT ${requestColumns(columns, 'request')}
    FROM legacy_index AS entry JOIN rn_requests AS request ON request.uuid = entry.request_uuid
    WHERE entry.${kind} = $1::bytea AND ${isTheirs('request')} ORDER BY request.uuid`,
});

/** Whether the row says the identifier, as it is now. */
const says =
  ({ kind, normal, vendorId, vendorKind }: LegacyLookup) =>
  (row: IndexableRow): boolean =>
    row.vendorId === vendorId &&
    identifiersOf(row, vendorKind).some((found) => found.kind === kind && found.normal === normal);

/** The requests of the legacy service, in PostgreSQL. */
export class PostgresLegacyRequests implements LegacyRequests {
  readonly #statements: Statements;
  readonly #shape: LegacyShape;
  readonly #clock: Clock;
  readonly #unindexed: UnindexedRows;
  readonly #unbuilt = new SharedScan(() => this.#slices());
  #isComplete = false;

  constructor(statements: Statements, shape: LegacyShape, clock: Clock) {
    this.#statements = statements;
    this.#shape = shape;
    this.#clock = clock;
    this.#unindexed = new UnindexedRows(statements, shape);
  }

  async findByIdentifier(lookup: LegacyLookup): Promise<readonly LegacyRecord[]> {
    const isFound = says(lookup);
    // What is put in the index meanwhile is found by it afterwards; the other way round it would be missed by both.
    const unindexed = await this.#findUnindexed(isFound);
    const columns = await this.#shape.columns();
    const rows = await this.#statements.run(byHash(columns, lookup.kind), [lookup.hash]);
    const indexed = rows.map(indexableOf).filter(isFound);
    return [...new Map([...unindexed, ...indexed].map((row) => [row.caseId, recordOf(row)])).values()];
  }

  async #findUnindexed(isFound: (row: IndexableRow) => boolean): Promise<readonly IndexableRow[]> {
    if (!(await this.#completed())) return this.#unbuilt.find(isFound);
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

const recordOf = ({ createdAt: _createdAt, language: _language, ...record }: IndexableRow): LegacyRecord =>
  record;
