import pg from 'pg';
import type { Statement, Statements } from '../../src/adapters/postgres/statements.ts';

/** A node of a plan, as `EXPLAIN (FORMAT JSON)` writes it. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

interface ExplainRow {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }];
}

/** A node and all below it. */
export const nodesOf = (node: PlanNode): readonly PlanNode[] => [
  node,
  ...(node.Plans ?? []).flatMap((below) => nodesOf(below)),
];

const EXPLAIN = 'EXPLAIN (FORMAT JSON)';

/** Runs statements on one connection, and asks the server how it would: with these values, and with any. */
export class ExplainedStatements implements Statements {
  readonly #client: pg.Client;
  /** The plans of all statements so far, oldest first: for their values, and for any. */
  readonly plans: PlanNode[] = [];

  constructor(client: pg.Client) {
    this.#client = client;
  }

  async run<Row>({ text }: Statement<Row>, parameters: readonly unknown[]): Promise<readonly Row[]> {
    const values = [...parameters];
    await this.#explain(`${EXPLAIN} ${text}`, values);
    await this.#client.query(`PREPARE asked AS ${text}`);
    const given = values.length === 0 ? '' : `(${values.map(literalOf).join(', ')})`;
    await this.#explain(`${EXPLAIN} EXECUTE asked${given}`);
    await this.#client.query('DEALLOCATE asked');
    return (await this.#client.query(text, values)).rows as Row[];
  }

  async #explain(text: string, values?: unknown[]): Promise<void> {
    await this.#client.query(`SET plan_cache_mode = ${values ? 'auto' : 'force_generic_plan'}`);
    const { rows } = await this.#client.query<ExplainRow>(text, values);
    this.plans.push(rows[0]!['QUERY PLAN'][0].Plan);
  }
}

const literalOf = (value: unknown): string => (value === null ? 'NULL' : pg.escapeLiteral(textOf(value)));

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `{${value.map((item) => JSON.stringify(textOf(item))).join(',')}}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
