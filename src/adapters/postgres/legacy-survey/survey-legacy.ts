import { Client } from 'pg';
import type { JsonPointer } from '../../../domain/shared/json-pointer.ts';
import { connectionOptions, QUERY_TIMEOUT_MS } from '../connection-options.ts';
import type { LegacyFacts, SessionStoreShape, TableFacts, Unread } from './legacy-facts.ts';
import { TIMESTAMP } from '../legacy/legacy-shape.ts';
import { readCatalog } from './read-catalog.ts';
import { readServer } from './read-server.ts';
import { RequestTally, type ListedVendor } from './request-tally.ts';
import { scanRows } from './scan-rows.ts';
import { SessionTally, type SessionQuestions } from './session-tally.ts';

/** What a survey goes by. */
export interface SurveyOptions {
  /** The server itself, not a transaction pooler. */
  readonly url: string;
  readonly listedVendor: ListedVendor;
  /** `LEGACY_SESSION_TIME_ZONE`; `null` where it is not to be judged. */
  readonly sessionTimeZone: string | null;
  /** `LEGACY_SESSION_SUBJECT`; `null` where it is not to be judged. */
  readonly sessionSubject: JsonPointer | null;
  readonly now: Date;
  /** Milliseconds for the rows of each table; what is left then is told as an estimate. */
  readonly limitMs: number;
  /** @param total as the server estimates it; `null` where it does not */
  readonly onProgress: (table: string, rows: number, total: number | null) => void;
}

/** Where the practice is, whose identity numbers and phone numbers the domain knows: of zones whose clocks agree, the likely one. */
const USUAL_ZONE = 'Asia/Jerusalem';

/** Names of the columns that are there. */
const columnsOf = (table: TableFacts): ReadonlySet<string> => new Set(table.columns.map(({ name }) => name));

const typeOf = (table: TableFacts, name: string): string | null =>
  table.columns.find((column) => column.name === name)?.type ?? null;

/** Which library wrote the sessions, by the columns that it makes. */
function sessionStoreShape(table: TableFacts | undefined): SessionStoreShape {
  if (!table) return 'none';
  const [sid, sess, expire] = ['sid', 'sess', 'expire'].map((name) => typeOf(table, name) ?? '');
  if (
    /^(?:text|character varying|character)/.test(sid ?? '') &&
    /^(?:jsonb?|text)$/.test(sess ?? '') &&
    TIMESTAMP.test(expire ?? '')
  ) {
    return 'connect-pg-simple';
  }
  const columns = columnsOf(table);
  return ['id', 'expiredAt', 'json'].every((name) => columns.has(name)) ? 'connect-typeorm' : 'unknown';
}

/** A survey of one database, on one connection. */
class Survey {
  readonly #client: Client;
  readonly #options: SurveyOptions;

  constructor(client: Client, options: SurveyOptions) {
    this.#client = client;
    this.#options = options;
  }

  async facts(): Promise<LegacyFacts> {
    await this.#client.query('BEGIN READ ONLY');
    const server = await readServer(this.#client);
    const { elsewhere, tables } = await readCatalog(this.#client);
    await this.#client.query('COMMIT');
    const named = (name: string) => tables.find((table) => table.name === name);
    const tally = new RequestTally(this.#options.listedVendor);
    const requests = await this.#requests(named('rn_requests'), tally);
    const { timeZone, timeZonesByRole } = server.server;
    const told = [this.#options.sessionTimeZone ?? timeZone, ...Object.values(timeZonesByRole), timeZone];
    const zones = [...told, USUAL_ZONE];
    const sessions = await this.#sessions(named('nest_sessions'), tally, zones);
    const checks = await this.#checks(named('check_user_log'));
    return {
      ...server,
      tables,
      elsewhere,
      requests,
      sessionStore: sessionStoreShape(named('nest_sessions')),
      sessions,
      checks,
    };
  }

  #scan(
    table: TableFacts,
    columns: string,
    onRow: (row: readonly unknown[]) => void,
    onProgress: (rows: number) => void = (rows) => this.#tell(table, rows),
  ): Promise<{ readonly isWhole: boolean } | Unread> {
    const { limitMs } = this.#options;
    const select = `SELECT ${columns} FROM public.${table.name}`;
    return scanRows(this.#client, { select, limitMs, onRow, onProgress });
  }

  #tell({ estimatedRows, name }: TableFacts, rows: number): void {
    this.#options.onProgress(name, rows, estimatedRows);
  }

  async #requests(table: TableFacts | undefined, tally: RequestTally): Promise<LegacyFacts['requests']> {
    if (!table) return null;
    const there = columnsOf(table);
    const text = (name: string): string => (there.has(name) ? `${name}::text` : 'NULL::text');
    const columns = ['user_id', 'user_identifier', 'vendor_id'].map(text).join(', ');
    const read = await this.#scan(table, columns, ([userId, userIdentifier, vendorId]) =>
      tally.add(userId as string | null, userIdentifier as string | null, vendorId as string | null),
    );
    return 'unread' in read ? read : tally.facts(read.isWhole);
  }

  async #sessions(
    table: TableFacts | undefined,
    known: RequestTally,
    likelyZones: readonly string[],
  ): Promise<LegacyFacts['sessions']> {
    if (!table || sessionStoreShape(table) !== 'connect-pg-simple') return null;
    const questions: SessionQuestions = {
      now: this.#options.now,
      timeZone: this.#options.sessionTimeZone,
      subject: this.#options.sessionSubject,
      likelyZones,
      isInstant: typeOf(table, 'expire')?.endsWith('with time zone') ?? false,
      isUserId: (text) => known.hasUserId(text),
      isIdentifier: (text) => known.hasIdentifier(text),
    };
    const tally = new SessionTally(questions);
    const read = await this.#scan(
      table,
      'sess::text, (extract(epoch FROM expire) * 1000)::float8',
      ([json, shown]) => tally.add(json as string | null, shown as number | null),
    );
    return 'unread' in read ? read : tally.facts(read.isWhole);
  }

  async #checks(table: TableFacts | undefined): Promise<LegacyFacts['checks']> {
    if (!table) return null;
    let rows = 0;
    const onRow = ([count]: readonly unknown[]): void => {
      rows = Number(count);
    };
    const read = await this.#scan(table, 'count(*)::float8', onRow, () => undefined);
    return 'unread' in read ? read : { rows, ...read };
  }
}

/**
 * Looks at a database in which the legacy service works: how its tables are defined and filled, and what else stands in the way of a
 * migration. Reads only, in transactions that say so and are limited in time; nothing that names a person leaves it.
 *
 * @throws whatever `pg` says of a connection that does not come or is lost
 */
export async function surveyLegacy(options: SurveyOptions): Promise<LegacyFacts> {
  const client = new Client({
    ...connectionOptions(options.url, true),
    application_name: 'casegate-inspect',
    query_timeout: options.limitMs + QUERY_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SET statement_timeout = 20000; SET idle_in_transaction_session_timeout = 20000');
    return await new Survey(client, options).facts();
  } finally {
    await client.end();
  }
}
