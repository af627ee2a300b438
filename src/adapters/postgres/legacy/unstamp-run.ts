import type { UnstampedBatch } from '../../../application/ports/stores/legacy-link-store.ts';
import type { BatchRunId, CaseId, TenantId } from '../../../domain/shared/ids.ts';
import type { Statement, Statements } from '../statements.ts';
import { fromId } from './id-range.ts';
import { stampedCases, waitBriefly } from './stamps.ts';

interface UnstampedRow {
  /** The last stamp that was looked at; every row says the same. */
  readonly last: string | null;
  /** `null` where no row was freed. */
  readonly uuid: string | null;
}

// Nothing is waited for: what somebody holds, a stamp or its row, stays as it is. A stamp of a row that has gone, or that is somebody
// else's by now, is only forgotten. Rows are found by their ids alone, as where a link is unstamped.
const UNSTAMP_RUN: Statement<UnstampedRow> = {
  text: `WITH seen AS MATERIALIZED (
      SELECT request_uuid FROM legacy_stamps
      WHERE tenant_uuid = $1::uuid AND run_uuid = $2::uuid AND request_uuid >= $3::uuid
        AND (request_uuid > $3::uuid OR $5::boolean) ORDER BY request_uuid LIMIT $4::integer
    ), own AS MATERIALIZED (
      SELECT stamp.request_uuid, stamp.user_uuid FROM legacy_stamps AS stamp JOIN seen USING (request_uuid)
      WHERE stamp.tenant_uuid = $1::uuid AND stamp.run_uuid = $2::uuid ORDER BY stamp.request_uuid FOR UPDATE OF stamp SKIP LOCKED
    ), held AS MATERIALIZED (
      SELECT uuid, user_uuid FROM rn_requests WHERE uuid = ANY (ARRAY (SELECT request_uuid FROM own))
      ORDER BY uuid FOR NO KEY UPDATE SKIP LOCKED
    ), theirs AS MATERIALIZED (
      SELECT held.uuid FROM held JOIN own ON own.request_uuid = held.uuid AND own.user_uuid = held.user_uuid
    ), freed AS (
      UPDATE rn_requests SET user_uuid = NULL WHERE uuid = ANY (ARRAY (SELECT uuid FROM theirs)) RETURNING uuid
    ), forgotten AS (
      DELETE FROM legacy_stamps AS stamp USING own
      WHERE stamp.request_uuid = own.request_uuid AND (
        own.request_uuid IN (SELECT uuid FROM held)
        OR NOT EXISTS (SELECT FROM rn_requests AS request WHERE request.uuid = own.request_uuid)
      )
    )
    SELECT ended.last, freed.uuid
    FROM (SELECT (SELECT request_uuid FROM seen ORDER BY request_uuid DESC LIMIT 1) AS last) AS ended LEFT JOIN freed ON true`,
};

/** Takes their owner from the next rows that a batch stamped for a tenant. @param after `null` begins with the first, whatever its id */
export async function unstampRun(
  statements: Statements,
  { tenantId, runId }: { readonly tenantId: TenantId; readonly runId: BatchRunId },
  after: CaseId | null,
  limit: number,
): Promise<UnstampedBatch> {
  await waitBriefly(statements);
  const rows = await statements.run(UNSTAMP_RUN, [tenantId, runId, fromId(after), limit, after === null]);
  const freed = rows.flatMap(({ uuid }) => (uuid === null ? [] : [uuid]));
  return { cases: await stampedCases(statements, freed), last: rows[0]?.last ?? null };
}
