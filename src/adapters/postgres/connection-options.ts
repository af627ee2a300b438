import { types, type ClientConfig } from 'pg';

/** Milliseconds to wait for a connection, from the server or from the pool. */
export const CONNECT_TIMEOUT_MS = 3_000;
/** Milliseconds after which the server ends a statement. */
const STATEMENT_TIMEOUT_MS = 8_000;
/** Milliseconds after which the client stops waiting for one: a frozen server ends nothing by itself. */
export const QUERY_TIMEOUT_MS = 10_000;
/** Milliseconds after which the server ends a transaction that nobody goes on with. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;

const parseInt8 = (text: string): number | string => {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
};

type Oid = Parameters<typeof types.getTypeParser>[0];
type Parser = (value: string) => unknown;

const parserOf = (oid: Oid, format: 'text' | 'binary' = 'text'): Parser =>
  oid === types.builtins.INT8 && format === 'text' ? parseInt8 : (types.getTypeParser(oid, format) as Parser);

/**
 * What every connection is made with: limits on time, keep-alive, and `int8` read as a number (as text beyond 2^53).
 *
 * @param pooler whether a transaction pooler stands between, which refuses limits as start-up parameters
 */
export function connectionOptions(url: string, pooler = false): ClientConfig {
  const serverLimits: ClientConfig = {
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  };
  return {
    connectionString: url,
    application_name: 'casegate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: parserOf },
    ...(pooler ? {} : serverLimits),
  };
}
