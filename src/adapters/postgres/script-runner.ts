import type { Pool } from 'pg';
import { NamedStatementPool } from './named-statement-pool.ts';
import { translate } from './pg-errors.ts';

/** What a statement gave back; several of them in one text give back a list. */
type Answer = { readonly rows?: readonly object[] } | readonly { readonly rows?: readonly object[] }[];

/**
 * Runs what a library composes: texts that vary, and are therefore never run by name, some of several statements with a BEGIN and a
 * COMMIT of their own.
 *
 * @returns the rows of all its statements
 * @throws {Unavailable} where the database is out of reach
 * @throws {DatabaseFault} for any other fault; never with values of a row
 */
export type RunScript = (text: string, values?: readonly unknown[]) => Promise<readonly object[]>;

/** Runs scripts on connections of the pool. */
export function scriptRunner(pool: Pool): RunScript {
  const unnamed = new NamedStatementPool(pool, null);
  const run: RunScript = async (text, values = []) => {
    const client = await unnamed.connect();
    let failed = true;
    try {
      const answer: Answer = await client.query<object>(text, values);
      failed = false;
      return [answer].flat().flatMap(({ rows = [] }) => rows);
    } finally {
      // A script that failed halfway has left its transaction open.
      client.release(failed);
    }
  };
  return (text, values) =>
    run(text, values).catch((error: unknown) => {
      throw translate(error);
    });
}
