import { addCases, type Wish } from './add-cases.ts';
import type { Installation } from './open-installation.ts';
import { countCases, seedPeople } from './seed-people.ts';

/** How full the database is to be. */
export interface Filling extends Pick<Wish, 'wanted' | 'signal' | 'onProgress'> {
  /** Of the accounts that are made; nobody can sign in with them where it is empty. */
  readonly password: string;
  /** The present, which no case is later than. */
  readonly now: Date;
}

/**
 * Adds the people and the cases that are missing; what is there stays as it is.
 *
 * @returns how many cases it added
 */
export async function fillDatabase(installation: Installation, filling: Filling): Promise<number> {
  const { now, password, signal, wanted } = filling;
  const [connection] = installation.connections;
  const there = await countCases(connection);
  const passwordHash = password === '' ? null : await installation.passwordHasher.hash(password);
  const world = await seedPeople(connection, Math.max(there, wanted), passwordHash, now);
  const onProgress = (done: number) => filling.onProgress(done);
  return addCases(installation, world, { there, wanted, passwordHash, onProgress, signal });
}
