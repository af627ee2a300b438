import { randomUUID } from 'node:crypto';
import { link, rename, rm } from 'node:fs/promises';
import { birthOf, isAlive } from './process-info.ts';
import { createOnce, readIfThere } from './keep-once.ts';

/** The right of one process among all that share a data folder to create or start its server. */
export interface StartLock {
  readonly release: () => Promise<void>;
}

/**
 * Takes the lock for at most `holdMs` milliseconds; null while another process holds it. A lock whose holder died
 * or overran its time is cleared away. PostgreSQL's own interlocks stay the last word: this one keeps several
 * processes from doing the same work, and from clearing away a dead server's traces at the same moment.
 */
export async function takeStartLock(file: string, holdMs: number): Promise<StartLock | null> {
  const held = await readIfThere(file);
  if (held !== null) {
    if (await isAbandoned(held)) await clearAway(file, held);
    return null;
  }
  const until = String(Math.ceil(Date.now() + holdMs));
  const mine = [String(process.pid), await birthOf(process.pid), until, randomUUID()].join('\n');
  if (!(await createOnce(file, mine))) return null;
  return {
    release: async () => {
      if ((await readIfThere(file)) === mine) await rm(file, { force: true });
    },
  };
}

async function isAbandoned(held: string): Promise<boolean> {
  const [pid = '', birth = '', until = ''] = held.split('\n');
  if (!(Number(pid) > 0) || !(Number(until) > Date.now())) return true;
  return !isAlive(Number(pid)) || (await birthOf(Number(pid))) !== birth;
}

async function clearAway(file: string, held: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
    // Between reading and renaming, another process may have cleared it away and taken the lock itself.
    if ((await readIfThere(aside)) !== held) await link(aside, file);
  } catch {
    // Somebody else was faster; the next attempt sees what holds now.
  } finally {
    await rm(aside, { force: true });
  }
}
