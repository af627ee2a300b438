import type { RefusalsByConstraint } from './pg-errors.ts';

/** The text of a statement, of which each row of the answer is a `Row`. Texts are constant, so that each is planned once. */
export interface Statement<Row> {
  readonly text: string;
  /** Refusals that violated constraints stand for, by the constraint's name. */
  readonly refusals?: RefusalsByConstraint;
  /** Never set: carries the type. */
  readonly row?: Row;
}

/** How a store reaches the database: the pool, where each statement stands alone, or a unit of work. */
export interface Statements {
  /**
   * Runs one statement.
   *
   * @throws {Unavailable} where the database is out of reach
   * @throws {DomainError} the refusal of the violated constraint
   * @throws {DatabaseFault} for any other fault; never with values of a row
   */
  readonly run: <Row>(statement: Statement<Row>, parameters: readonly unknown[]) => Promise<readonly Row[]>;
}
