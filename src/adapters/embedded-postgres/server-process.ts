import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Cluster } from './cluster.ts';
import { EmbeddedPostgresFailed } from './embedded-postgres-failed.ts';
import { processOptions } from './process-options.ts';
import { tailOf } from './tail-of.ts';

/** A postmaster that this process launched, and that goes on without it. */
export interface ServerProcess {
  readonly pid: number;
  /** The exit status, or the signal's name; null while it runs. */
  readonly exit: () => number | string | null;
  /** The last lines that it logged. */
  readonly log: () => Promise<string>;
}

/**
 * Launches the server of an initialized cluster on `port` of 127.0.0.1, in a session of its own, so that neither
 * Ctrl-C nor the end of this process reaches it. `staleId` is the process id in a `postmaster.pid` that is known to be
 * stale although some process has the id; null otherwise.
 * @throws {EmbeddedPostgresFailed} when the program cannot be run at all.
 */
export async function launchServer(
  cluster: Cluster,
  port: number,
  staleId: number | null,
): Promise<ServerProcess> {
  const log = await openLog(cluster);
  try {
    const { size } = await log.stat();
    const options = processOptions(cluster.user, cluster.dataFolder);
    // PostgreSQL takes a lock file with this id for stale and clears it away itself, under its own checks that no
    // process of the former server is left; removing the file from here would lack those.
    const env = staleId === null ? options.env : { ...options.env, PG_GRANDPARENT_PID: String(staleId) };
    const child = spawn(cluster.binaries.postgres, ['-D', cluster.dataFolder, ...settings(port)], {
      ...options,
      env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'spawn');
    child.unref();
    return {
      pid: child.pid ?? 0,
      exit: () => child.exitCode ?? child.signalCode,
      log: () => tailOf(cluster.logFile, size),
    };
  } catch (error) {
    throw new EmbeddedPostgresFailed(
      `PostgreSQL cannot be run here (${String(error)}). Its program needs glibc on Linux, and a file system that ` +
        'allows execution; otherwise set DATABASE_URL to a PostgreSQL of your own.',
      { cause: error },
    );
  } finally {
    await log.close();
  }
}

async function openLog({ logFile, user }: Cluster): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
  const nofollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;
  const log = await open(logFile, flags | nofollow, 0o600);
  if (user !== null) await log.chown(user.uid, user.gid);
  return log;
}

/** On the command line rather than in postgresql.conf, so that a new release changes them for old clusters too. */
function settings(port: number): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    fsync: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    // Failed statements, their values and details can hold personal data, which no log may.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
