import { randomInt } from 'node:crypto';

/** Class of the advisory locks by which workers are told to be there ("JOBS" in ASCII). */
const WORKERS = 0x4a_4f_42_53;

// Never waits: nobody takes it for himself alone.
const ANNOUNCE = 'SELECT pg_advisory_lock_shared($1::integer, $2::integer)';

/**
 * Jobs in hand that nobody has touched for a while: for two seconds where this worker is the only one, for ten where others are there,
 * one of which may be slow. A job whose last attempt was lost is given one more, so that somebody is told of its end; after that it is
 * left to pg-boss, which gives it up.
 */
const SILENT = `name = ANY($1::text[]) AND state = 'active' AND retry_count <= retry_limit AND id <> ALL($2::uuid[])
  AND heartbeat_on < now() - interval '2 s' AND (heartbeat_on < now() - interval '10 s' OR NOT EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = ${String(WORKERS)}::oid AND objid <> $3::bigint::oid
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  ))`;

const LOOK = `SELECT id FROM casegate_jobs.job WHERE ${SILENT}`;

// As pg-boss does it with a job that has failed, but due at once. It counts as an attempt, since `started_on` stays.
const TAKE_BACK = `UPDATE casegate_jobs.job SET state = 'retry', start_after = now(), heartbeat_on = NULL
WHERE ${SILENT} AND id = ANY($4::uuid[]) RETURNING id`;

type RunScript = (text: string, values: readonly unknown[]) => Promise<readonly object[]>;

const idsOf = (rows: readonly object[]): readonly string[] =>
  rows.flatMap((row) => ('id' in row ? [String(row.id)] : []));

/** Takes jobs back from workers that are gone, by how long they have not touched them and by which workers are there. */
export class LostJobs {
  readonly #runScript: RunScript;
  /** Tells this worker from others. */
  readonly #worker = randomInt(2 ** 31);
  #suspects: readonly string[] = [];

  constructor(runScript: RunScript) {
    this.#runScript = runScript;
  }

  /** Whether jobs were found silent at the last look, so that the next one decides. */
  get suspects(): boolean {
    return this.#suspects.length > 0;
  }

  /** Lets others know that this worker is there, for as long as the session lives on which the statement is run. */
  async announce(run: (text: string, values: unknown[]) => Promise<unknown>): Promise<void> {
    await run(ANNOUNCE, [WORKERS, this.#worker]);
  }

  /**
   * Makes jobs due again that were silent at the last look already: in between, a worker that lives and could not reach the database
   * has touched its own.
   *
   * @param own ids of the jobs that this worker has in hand
   * @returns how many there were
   * @throws {Unavailable} where the database is out of reach
   */
  async takeBack(topics: readonly string[], own: readonly string[]): Promise<number> {
    const suspects = this.#suspects;
    this.#suspects = [];
    const silent = [topics, own, this.#worker];
    const taken = suspects.length === 0 ? [] : await this.#runScript(TAKE_BACK, [...silent, suspects]);
    this.#suspects = idsOf(await this.#runScript(LOOK, silent));
    return taken.length;
  }
}
