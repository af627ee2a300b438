import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from } from 'pg-copy-streams';
import { connectionOptions } from '../../src/adapters/postgres/connection-options.ts';
import { translate } from '../../src/adapters/postgres/pg-errors.ts';
import type { Statement, Statements } from '../../src/adapters/postgres/statements.ts';
import { copyTextOf } from './copy-text-of.ts';

/** Rows of one table, each value by the column's name. */
export interface TableRows {
  readonly table: string;
  /** By the columns' names. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly object[];
}

/** A connection of its own for filling the database: nothing that it does has a limit on its time, and commits wait for no disk. */
export class SeedConnection implements Statements {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  /** @param url the server itself: a transaction pooler does not keep what is set for a connection */
  static async open(url: string): Promise<SeedConnection> {
    const client = new Client({ ...connectionOptions(url, true), query_timeout: 0 });
    // Without it a lost connection would end the process, instead of the statement that it fails.
    client.on('error', () => undefined);
    const opened = new SeedConnection(client);
    await client.connect();
    await opened.run({ text: 'SET statement_timeout = 0' }, []);
    await opened.run({ text: 'SET synchronous_commit = off' }, []);
    return opened;
  }

  async run<Row>(statement: Statement<Row>, parameters: readonly unknown[]): Promise<readonly Row[]> {
    try {
      const { rows } = await this.#client.query(statement.text, [...parameters]);
      return rows as Row[];
    } catch (error) {
      throw translate(error, statement.refusals);
    }
  }

  /** Adds rows to several tables, in their order: all of them or none. One call at a time. */
  async write(tables: readonly TableRows[]): Promise<void> {
    await this.run({ text: 'BEGIN' }, []);
    try {
      for (const { table, columns, rows } of tables) {
        const names = Object.keys(columns);
        if (rows.length > 0) await this.#copy(`COPY ${table} (${names.join(', ')}) FROM STDIN`, names, rows);
      }
    } catch (error) {
      await this.run({ text: 'ROLLBACK' }, []).catch(() => undefined);
      throw translate(error);
    }
    await this.run({ text: 'COMMIT' }, []);
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async #copy(text: string, names: readonly string[], rows: readonly object[]): Promise<void> {
    await pipeline(Readable.from([copyTextOf(names, rows)]), this.#client.query(from(text)));
  }
}
