import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { databaseName } from './cluster.ts';
import { errorCode } from './error-code.ts';

/** Where the server listens and how to enter it. */
export interface Address {
  readonly port: number;
  readonly password: string;
}

/** One process's share in a running server: a connection held from entering to leaving, by which others see it. */
export interface Membership {
  readonly address: Address;
  /**
   * Ends the membership. If no other client is left, `stopServer` is run first, while nobody can enter.
   * The answer tells what became of the server; `unreachable` when it did not answer.
   */
  readonly leave: (stopServer: () => Promise<void>) => Promise<'stopped' | 'in-use' | 'unreachable'>;
}

interface Connection {
  readonly client: Client;
  readonly socket: Socket;
}

/** The two halves of the advisory lock around entering (shared) and leaving (exclusive): "CASE", "GATE" in ASCII. */
const gate = [0x43_41_53_45, 0x47_41_54_45];
const leaving = `${databaseName}-leaving`;
const answerWithin = 5_000;
const reconnectEvery = 500;

/** How long clients that have just gone away may still be listed, in milliseconds. */
const lingering = 150;

/**
 * Enters a server, waiting while another process is about to stop it. The connection keeps no process alive, and is
 * made anew when it breaks.
 * @throws the driver's error when the server cannot be entered.
 */
export async function enterServer(address: Address, timeoutMs: number): Promise<Membership> {
  const first = await connect(address, timeoutMs);
  let current: Promise<Connection | null> = Promise.resolve(first);
  let retry: NodeJS.Timeout | undefined;
  let left = false;

  const watch = (connection: Connection): Connection => {
    connection.socket.unref();
    connection.client.once('end', () => {
      current = Promise.resolve(null);
      reconnectLater();
    });
    return connection;
  };
  const reconnectLater = (): void => {
    if (left) return;
    retry = setTimeout(() => {
      current = connect(address, answerWithin, 'in background').then(watch, () => {
        reconnectLater();
        return null;
      });
    }, reconnectEvery).unref();
  };
  watch(first);

  return {
    address,
    leave: async (stopServer) => {
      left = true;
      clearTimeout(retry);
      const deadline = performance.now() + answerWithin;
      let connection: Connection | 'refused' | null = await current;
      for (;;) {
        connection ??= await connect(address, answerWithin).catch(whenRefused);
        if (connection === 'refused') return 'unreachable';
        const outcome = connection === null ? 'unreachable' : await leaveBy(connection, stopServer);
        if (outcome !== 'unreachable' || performance.now() > deadline) return outcome;
        // The connection was cut, or the server recovers from a fault: it may well answer to a new one.
        connection = null;
        await sleep(50);
      }
    },
  };
}

async function connect(
  address: Address,
  timeoutMs: number,
  attention: 'awaited' | 'in background' = 'awaited',
): Promise<Connection> {
  const socket = new Socket();
  if (attention === 'in background') socket.unref();
  const client = new Client({
    ...address,
    host: '127.0.0.1',
    user: databaseName,
    database: databaseName,
    application_name: `${databaseName}-member`,
    ssl: false,
    keepAlive: true,
    connectionTimeoutMillis: answerWithin,
    query_timeout: answerWithin,
    stream: () => socket,
  });
  // Without a listener the end of the server would end this process.
  client.on('error', () => undefined);
  const timer = setTimeout(() => socket.destroy(new Error('no answer in time')), timeoutMs);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock_shared($1, $2)', gate);
    await client.query('select pg_advisory_unlock_shared($1, $2)', gate);
    return { client, socket };
  } catch (error) {
    await endQuietly({ client, socket });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What a failed attempt to connect means: nobody listens, or a next attempt may do better (null). */
function whenRefused(error: unknown): 'refused' | null {
  return errorCode(error) === 'ECONNREFUSED' ? 'refused' : null;
}

async function leaveBy(
  connection: Connection,
  stopServer: () => Promise<void>,
): Promise<'stopped' | 'in-use' | 'unreachable'> {
  connection.socket.ref();
  try {
    const inUse = await closeGate(connection.client).catch(() => null);
    if (inUse === null) return 'unreachable';
    if (inUse) return 'in-use';
    await stopServer();
    return 'stopped';
  } finally {
    await endQuietly(connection);
  }
}

/** Keeps everybody from entering as long as the connection lasts; whether somebody else is in. */
async function closeGate(client: Client): Promise<boolean> {
  await client.query('select pg_advisory_lock($1, $2)', gate);
  const inUse = await hasOthers(client);
  // Told before this connection is gone, so that the next to leave does not wait for it.
  if (inUse) await client.query(`set application_name = '${leaving}'`);
  return inUse;
}

async function hasOthers(client: Client): Promise<boolean> {
  const until = performance.now() + lingering;
  for (;;) {
    const { rowCount } = await client.query(
      `select from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> $1 limit 1`,
      [leaving],
    );
    if (rowCount === 0) return false;
    if (performance.now() > until) return true;
    await sleep(20);
  }
}

async function endQuietly({ client, socket }: Connection): Promise<void> {
  // A server that was stopped, or is frozen, does not answer the farewell.
  await Promise.race([client.end().catch(() => undefined), sleep(500, undefined, { ref: false })]);
  socket.destroy();
}
