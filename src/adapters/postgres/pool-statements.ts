import { CompiledQuery, type Kysely } from 'kysely';
import { translate } from './pg-errors.ts';
import { retryLost } from './retry-lost.ts';
import type { Statement, Statements } from './statements.ts';

/** Statements that stand alone: each takes a connection of the pool and is a transaction of its own. */
export class PoolStatements implements Statements {
  readonly #kysely: Kysely<unknown>;

  constructor(kysely: Kysely<unknown>) {
    this.#kysely = kysely;
  }

  async run<Row>(statement: Statement<Row>, parameters: readonly unknown[]): Promise<readonly Row[]> {
    try {
      const query = CompiledQuery.raw(statement.text, [...parameters]);
      const { rows } = await retryLost(() => this.#kysely.executeQuery(query));
      return rows as Row[];
    } catch (error) {
      throw translate(error, statement.refusals);
    }
  }
}
