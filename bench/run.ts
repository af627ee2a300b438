/** Measures the hot operations beside their limits, in one run. Absolute figures mean little on shared machines; ratios hold. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HASHING_THREADS } from '../src/main/thread-pool.ts';
import { type Child, startChild } from './child.ts';
import { type Load, measure, type Measurement } from './measure.ts';

const SECONDS = 5;
const HERE = import.meta.dirname;
const ACCOUNT = JSON.stringify({ email: 'bench@example.org', password: 'correct horse battery' });
const JSON_TYPE = { 'Content-Type': 'application/json' };

const listening = (line: string): string | undefined => /"url":"(http:[^"]+)"/.exec(line)?.[1];

async function startService(dataDir: string): Promise<Child> {
  const unlimited = { limit: 100_000_000, windowSeconds: 60 };
  const classes = { credentials: unlimited, anonymous: unlimited, authenticated: unlimited };
  const env = { PORT: '0', DATA_DIR: dataDir, RATE_LIMITS: JSON.stringify(classes) };
  return startChild(join(HERE, '../src/main/http.ts'), [], env, listening);
}

async function accessToken(url: string): Promise<string> {
  const answer = await fetch(`${url}/auth/register`, { method: 'POST', headers: JSON_TYPE, body: ACCOUNT });
  const { accessToken: token } = (await answer.json()) as { accessToken: string };
  return token;
}

const row = (
  name: string,
  { requestsPerSecond, requestsPerCpuSecond, p50, p99 }: Measurement,
  ratio: number,
): string =>
  [
    name.padEnd(24),
    requestsPerSecond.toFixed(0).padStart(9),
    requestsPerCpuSecond.toFixed(0).padStart(9),
    p50.toFixed(1).padStart(8),
    p99.toFixed(1).padStart(8),
    ratio.toFixed(2).padStart(7),
  ].join('');

async function bare(): Promise<Measurement> {
  const child = await startChild(join(HERE, 'bare-express.ts'), [], {}, (line) => line);
  const load: Load = { method: 'GET', url: `${child.found}/` };
  await measure(child, load, 1);
  const measured = await measure(child, load, SECONDS);
  await child.stop();
  return measured;
}

async function hashesPerSecond(): Promise<number> {
  const env = { UV_THREADPOOL_SIZE: String(HASHING_THREADS) };
  const child = await startChild(join(HERE, 'argon2-alone.ts'), [String(SECONDS)], env, (line) => line);
  return Number(child.found);
}

async function run(service: Child): Promise<void> {
  const url = service.found;
  const bearer = { Authorization: `Bearer ${await accessToken(url)}` };
  const hashes = await hashesPerSecond();
  const limit = await bare();
  const loads: readonly (readonly [string, Load])[] = [
    ['health/live', { method: 'GET', url: `${url}/health/live` }],
    ['auth/me', { method: 'GET', url: `${url}/auth/me`, headers: bearer }],
  ];
  process.stdout.write(`${'operation'.padEnd(24)}    req/s  req/cpu-s  p50 ms  p99 ms  ratio\n`);
  process.stdout.write(`${row('bare Express', limit, 1)}\n`);
  for (const [name, load] of loads) {
    await measure(service, load, 1);
    const measured = await measure(service, load, SECONDS);
    process.stdout.write(
      `${row(name, measured, measured.requestsPerCpuSecond / limit.requestsPerCpuSecond)}\n`,
    );
  }
  const signIn: Load = { method: 'POST', url: `${url}/auth/login`, headers: JSON_TYPE, body: ACCOUNT };
  const measured = await measure(service, signIn, SECONDS);
  process.stdout.write(`${row('auth/login', measured, measured.requestsPerSecond / hashes)}\n`);
  process.stdout.write(
    `\nRatio: of the two reads to bare Express a processor second, of the sign-in to argon2id alone (${hashes.toFixed(0)}/s).\n`,
  );
}

const dataDir = await mkdtemp(join(tmpdir(), 'casegate-bench-'));
const service = await startService(join(dataDir, 'data'));
try {
  await run(service);
} finally {
  await service.stop();
  await rm(dataDir, { recursive: true, force: true });
}
