import { CompiledQuery, type Kysely, type Transaction } from 'kysely';
import { translate } from './pg-errors.ts';
import { retryLost } from './retry-lost.ts';
import type { Statement, Statements } from './statements.ts';

/** Statements of one transaction. The first that fails spoils it, even if the work goes on. */
class TransactionStatements implements Statements {
  readonly #transaction: Transaction<unknown>;
  readonly #failures: unknown[] = [];

  constructor(transaction: Transaction<unknown>) {
    this.#transaction = transaction;
  }

  async run<Row>(statement: Statement<Row>, parameters: readonly unknown[]): Promise<readonly Row[]> {
    try {
      const query = CompiledQuery.raw(statement.text, [...parameters]);
      const { rows } = await this.#transaction.executeQuery(query);
      return rows as Row[];
    } catch (error) {
      const failure = translate(error, statement.refusals);
      this.#failures.push(failure);
      throw failure;
    }
  }

  assertWhole(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}

/**
 * Runs `work` in a transaction (READ COMMITTED) that is committed when it resolves, and again as a whole after a serialization
 * failure or a deadlock, three times at most.
 *
 * @throws whatever `work` throws, after undoing it; also the first refusal of a statement that `work` caught
 * @throws {Unavailable} where the database is out of reach, or the work lost each time
 */
export const inTransaction = <T>(
  kysely: Kysely<unknown>,
  work: (statements: Statements) => Promise<T>,
): Promise<T> =>
  retryLost(async () => {
    try {
      return await kysely.transaction().execute(async (transaction) => {
        const statements = new TransactionStatements(transaction);
        const result = await work(statements);
        statements.assertWhole();
        return result;
      });
    } catch (error) {
      throw translate(error);
    }
  });
