/**
 * Fills the database with cases, for measuring: what is missing up to CASES, 10,000 unless set. With PASSWORD the accounts that it makes
 * get that password; without it nobody can sign in with them.
 */
import { readConfig } from '../src/main/config/config.ts';
import { progress } from '../src/main/cli/progress.ts';
import { isStartRefusal } from '../src/main/start-refusal.ts';
import { fillDatabase } from './seed/fill-database.ts';
import { type Installation, openInstallation } from './seed/open-installation.ts';
import { summaryOf } from './seed/summary-of.ts';

const DEFAULT_CASES = 10_000;
const MOST_CASES = 10_000_000;

/** What it was asked for cannot be done; the message says why. */
class SeedRefused extends Error {}

function wantedCases(text = ''): number {
  if (text === '') return DEFAULT_CASES;
  const wanted = /^\d{1,8}$/.test(text) ? Number(text) : 0;
  if (wanted < 1 || wanted > MOST_CASES) {
    throw new SeedRefused(`CASES must be a whole number from 1 to ${String(MOST_CASES)}.`);
  }
  return wanted;
}

async function fill(installation: Installation, wanted: number, password: string): Promise<void> {
  const now = new Date();
  const shown = progress('cases');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const onProgress = (done: number) => shown.update(done, wanted);
  const filling = { wanted, password, now, onProgress, signal: stop.signal };
  const added = await fillDatabase(installation, filling).finally(shown.stop);
  const seconds = (Date.now() - now.getTime()) / 1000;
  process.stdout.write(await summaryOf(installation.connections[0], added, seconds));
  if (stop.signal.aborted) throw new SeedRefused('Stopped; run it again to go on.');
}

async function seed(): Promise<void> {
  const wanted = wantedCases(process.env['CASES']);
  const config = readConfig(process.env);
  if (config.profile === 'production') {
    throw new SeedRefused('This is a production installation: nothing is made up in its database.');
  }
  const installation = await openInstallation(config);
  try {
    await fill(installation, wanted, process.env['PASSWORD'] ?? '');
  } finally {
    await installation.close();
  }
}

try {
  await seed();
} catch (error) {
  if (!(error instanceof SeedRefused) && !isStartRefusal(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
