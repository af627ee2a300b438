import { setTimeout as sleep } from 'node:timers/promises';
import { rm } from 'node:fs/promises';
import { Client } from 'pg';
import { choosePort } from './choose-port.ts';
import { clusterMajor, databaseName, type Cluster } from './cluster.ts';
import { EmbeddedPostgresFailed } from './embedded-postgres-failed.ts';
import { errorCode } from './error-code.ts';
import { handOver, initializeCluster } from './initialize-cluster.ts';
import { enterServer, type Membership } from './membership.ts';
import { postmasterFile, readPostmaster, type Postmaster } from './postmaster.ts';
import { launchServer, type ServerProcess } from './server-process.ts';
import { takeStartLock } from './start-lock.ts';
import { stopServer } from './stop-server.ts';
import { tailOf } from './tail-of.ts';

/** Tells of a step, in a few words without personal data. */
export type Report = (event: string) => void;

/** What one attempt came to; an `obstacle` goes away by itself, or so it is hoped until the deadline. */
type Attempt = { readonly membership: Membership } | { readonly obstacle: string };

const pollEvery = 25;

/**
 * Enters the server of a cluster, which is made and launched if need be; one that is running is joined, and one that
 * is stopping is waited for. `deadline` is a reading of `performance.now()`.
 * @throws {EmbeddedPostgresFailed} when it fails for good or the deadline passes.
 */
export async function enterCluster(cluster: Cluster, deadline: number, report: Report): Promise<Membership> {
  let obstacle = 'there was no time to begin';
  while (performance.now() < deadline) {
    const postmaster = await readPostmaster(cluster.dataFolder);
    const attempt =
      postmaster.kind === 'running'
        ? await join(cluster, postmaster, deadline)
        : await raiseUnderLock(cluster, deadline, report);
    if ('membership' in attempt) {
      report(postmaster.kind === 'running' ? 'joined a running server' : 'started the server');
      return attempt.membership;
    }
    obstacle = attempt.obstacle;
    await sleep(pollEvery);
  }
  const log = await tailOf(cluster.logFile);
  throw new EmbeddedPostgresFailed(
    `The embedded PostgreSQL in ${cluster.dataFolder} was not ready in time: ${obstacle}. Start again to give it more ` +
      `time, or set DATABASE_URL to a PostgreSQL of your own.${log === '' ? '' : `\n${cluster.logFile} ends with:\n${log}`}`,
  );
}

async function raiseUnderLock(cluster: Cluster, deadline: number, report: Report): Promise<Attempt> {
  const lock = await takeStartLock(cluster.lockFile, deadline - performance.now());
  if (lock === null) return { obstacle: `another process is starting it (${cluster.lockFile})` };
  try {
    return await raise(cluster, deadline, report);
  } finally {
    await lock.release();
  }
}

async function raise(cluster: Cluster, deadline: number, report: Report): Promise<Attempt> {
  if ((await clusterMajor(cluster.dataFolder)) === null) {
    await initializeCluster(cluster, deadline - performance.now());
    report('made a new database cluster');
  }
  await handOver(cluster);
  for (let attempt = 0; performance.now() < deadline; attempt += 1) {
    // Whoever held the lock before may have raised it meanwhile.
    const before = await readPostmaster(cluster.dataFolder);
    if (before.kind === 'running') return { obstacle: 'another process has just started it' };
    if (before.kind === 'unreadable') return { obstacle: 'its postmaster.pid holds no process id' };
    if (before.kind === 'stale') report('found the traces of a server that did not stop in good order');
    if (before.kind === 'stale' && before.pid === null) await rm(postmasterFile(cluster.dataFolder));
    const staleId = before.kind === 'stale' ? before.pid : null;
    const server = await launchServer(cluster, await choosePort(cluster.dataFolder, attempt), staleId);
    const outcome = await awaitServer(cluster, server, deadline).catch(async (error: unknown) => {
      await stopServer(cluster);
      throw error;
    });
    if (outcome !== 'port-taken') return outcome;
    report('its port was taken, trying another');
  }
  return { obstacle: 'every port that it tried was taken by another program' };
}

async function awaitServer(
  cluster: Cluster,
  server: ServerProcess,
  deadline: number,
): Promise<Attempt | 'port-taken'> {
  let obstacle = 'the server has not yet begun to listen';
  while (performance.now() < deadline) {
    if (server.exit() !== null) return judgeExit(cluster, server);
    const postmaster = await readPostmaster(cluster.dataFolder);
    if (postmaster.kind === 'running') {
      const attempt = await join(cluster, postmaster, deadline);
      if ('membership' in attempt) return attempt;
      obstacle = attempt.obstacle;
    }
    await sleep(pollEvery);
  }
  return { obstacle: `${obstacle}; process ${String(server.pid)} goes on with it` };
}

async function judgeExit(cluster: Cluster, server: ServerProcess): Promise<Attempt | 'port-taken'> {
  const log = await server.log();
  if (/could not create any TCP\/IP sockets|could not bind/.test(log)) return 'port-taken';
  if (server.exit() === 0) return { obstacle: 'another process has stopped it' };
  if (/lock file .* already exists|shared memory block .* is still in use/.test(log)) {
    return { obstacle: 'processes of a former server are still running in it' };
  }
  throw new EmbeddedPostgresFailed(
    `PostgreSQL ended while starting (${String(server.exit())}). The cause is in the log; mend it, or set DATABASE_URL ` +
      `to a PostgreSQL of your own.\n${cluster.logFile} ends with:\n${log}`,
  );
}

async function join(
  cluster: Cluster,
  { port, stopping, pid }: Extract<Postmaster, { kind: 'running' }>,
  deadline: number,
): Promise<Attempt> {
  if (stopping) return { obstacle: `the former server (process ${String(pid)}) is still stopping` };
  if (port === null) return { obstacle: 'the server has not yet chosen its port' };
  const address = { port, password: cluster.password };
  const timeoutMs = deadline - performance.now();
  try {
    return { membership: await enterServer(address, timeoutMs) };
  } catch (error) {
    const code = errorCode(error);
    if (code === '28P01' || code === '28000') {
      throw new EmbeddedPostgresFailed(
        'PostgreSQL refuses the password kept in the data folder: it is not that of this database. Restore the file ' +
          '"postgres-password" from a backup, or use another DATA_DIR.',
        { cause: error },
      );
    }
    if (code === '3D000') return createDatabase(address, timeoutMs);
    return {
      obstacle: `it does not let anybody in yet (${error instanceof Error ? error.message : 'unknown'})`,
    };
  }
}

async function createDatabase(
  address: { port: number; password: string },
  timeoutMs: number,
): Promise<Attempt> {
  const client = new Client({
    ...address,
    host: '127.0.0.1',
    user: databaseName,
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: Math.max(1, timeoutMs),
    query_timeout: Math.max(1, timeoutMs),
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`create database ${databaseName}`);
    return { obstacle: 'its database has just been created' };
  } catch (error) {
    // Also when another process was faster (42P04, 23505): the next attempt finds the database.
    return {
      obstacle: `its database is not there yet (${error instanceof Error ? error.message : 'unknown'})`,
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}
