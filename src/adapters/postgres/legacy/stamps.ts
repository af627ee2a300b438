import type { StampedCase } from '../../../application/ports/stores/legacy-link-store.ts';
import type { LegacyRecord } from '../../../domain/legacy/legacy-record.ts';
import type { BatchRunId, CaseId, LegacyLinkId, TenantId, UserId } from '../../../domain/shared/ids.ts';
import type { Statement, Statements } from '../statements.ts';
import { type LegacyShape, type LegacyStatement, legacyText } from './legacy-shape.ts';

interface RowId {
  readonly uuid: string;
}

// Of a unit of work: until it is over, the legacy service may wait for the rows that it has written.
const WAIT_BRIEFLY: Statement<never> = { text: `SELECT set_config('lock_timeout', '250ms', true)` };

// A row that somebody holds is passed over: the legacy service must not wait for us, nor we for it. Of the row, only what Casegate added
// is written, and what it says is compared as it was read. The link is held until the end: whoever ends it at the same moment comes
// first, and then nothing is stamped, or takes back what was.
const STAMP: LegacyStatement<RowId> = (columns) => ({
  text: `WITH link AS (
      SELECT FROM legacy_links WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND status = 'linked' FOR SHARE
    ), held AS (
      SELECT request.uuid FROM link CROSS JOIN rn_requests AS request
      JOIN unnest($4::uuid[], $5::text[], $6::text[]) AS record (uuid, user_id, identifier) ON record.uuid = request.uuid
      WHERE request.user_uuid IS NULL AND ${legacyText(columns, 'user_id', 'request')} IS NOT DISTINCT FROM record.user_id
        AND ${legacyText(columns, 'user_identifier', 'request')} IS NOT DISTINCT FROM record.identifier
      ORDER BY request.uuid FOR NO KEY UPDATE OF request SKIP LOCKED
    ), owned AS (
      UPDATE rn_requests SET user_uuid = $3::uuid FROM held WHERE rn_requests.uuid = held.uuid RETURNING rn_requests.uuid
    ), stamped AS (
      INSERT INTO legacy_stamps (request_uuid, tenant_uuid, link_uuid, user_uuid, run_uuid, stamped_at)
      SELECT uuid, $1::uuid, $2::uuid, $3::uuid, $7::uuid, $8::timestamptz FROM owned
      -- Of a stamp whose owner somebody took from the row behind our back.
      ON CONFLICT (request_uuid) DO UPDATE SET tenant_uuid = excluded.tenant_uuid, link_uuid = excluded.link_uuid,
        user_uuid = excluded.user_uuid, run_uuid = excluded.run_uuid, stamped_at = excluded.stamped_at
    )
    SELECT uuid FROM owned`,
});

// Rows that somebody holds are not waited for: meanwhile the legacy service would wait for the others. They are found by their ids alone:
// while statistics say that hardly any row has an owner, those of an owner would be read anew for each of them.
const UNSTAMP: Statement<RowId> = {
  text: `WITH former AS (
      DELETE FROM legacy_stamps WHERE tenant_uuid = $1::uuid AND link_uuid = $2::uuid RETURNING request_uuid, user_uuid
    ), held AS MATERIALIZED (
      SELECT uuid, user_uuid FROM rn_requests WHERE uuid = ANY (ARRAY (SELECT request_uuid FROM former))
      ORDER BY uuid FOR NO KEY UPDATE NOWAIT
    ), own AS MATERIALIZED (
      -- All stamps of a link are of one account.
      SELECT uuid FROM held WHERE user_uuid = ANY (ARRAY (SELECT DISTINCT user_uuid FROM former))
    ), freed AS (
      UPDATE rn_requests SET user_uuid = NULL WHERE uuid = ANY (ARRAY (SELECT uuid FROM own)) RETURNING uuid
    )
    SELECT uuid FROM freed`,
};

// A statement of its own: one that wrote the rows would not see what was given a workflow while it waited for them.
const ADOPTED: Statement<RowId> = { text: 'SELECT uuid FROM cases WHERE uuid = ANY ($1::uuid[])' };

/** Lets the unit of work that is about to write rows of the legacy service wait for nobody for longer than a moment. */
export async function waitBriefly(statements: Statements): Promise<void> {
  await statements.run(WAIT_BRIEFLY, []);
}

/** The rows, with which of them were given a workflow. */
export async function stampedCases(
  statements: Statements,
  ids: readonly CaseId[],
): Promise<readonly StampedCase[]> {
  if (ids.length === 0) return [];
  const adopted = new Set((await statements.run(ADOPTED, [ids])).map(({ uuid }) => uuid));
  return ids.map((caseId) => ({ caseId, isAdopted: adopted.has(caseId) }));
}

/** Whose rows become by which link, when and in which batch. */
export interface Stamp {
  readonly id: LegacyLinkId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly runId: BatchRunId | null;
  readonly now: Date;
}

/** Makes the user the owner of the rows that have none and still say what the records say. @returns those rows */
export async function stampRequests(
  statements: Statements,
  shape: LegacyShape,
  { id, tenantId, userId, runId, now }: Stamp,
  records: readonly LegacyRecord[],
): Promise<readonly StampedCase[]> {
  await waitBriefly(statements);
  const rows = await shape.run(statements, STAMP, [
    ...[tenantId, id, userId, records.map(({ caseId }) => caseId)],
    ...[records.map((record) => record.userId), records.map(({ identifier }) => identifier), runId, now],
  ]);
  return stampedCases(
    statements,
    rows.map(({ uuid }) => uuid),
  );
}

/**
 * Takes their owner from the rows that the link was stamped on.
 *
 * @returns those rows
 * @throws {Unavailable} while somebody holds one of them
 */
export async function unstampRequests(
  statements: Statements,
  tenantId: TenantId,
  linkId: LegacyLinkId,
): Promise<readonly StampedCase[]> {
  await waitBriefly(statements);
  const rows = await statements.run(UNSTAMP, [tenantId, linkId]);
  return stampedCases(
    statements,
    rows.map(({ uuid }) => uuid),
  );
}
