import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher, PasswordVerdict } from '../../application/ports/security/password-hasher.ts';
import { bareArgon2Hash, isBoundedArgon2Hash } from './argon2-hash.ts';
import { BoundedQueue } from './bounded-queue.ts';
import { readForeignHash } from './foreign-hash.ts';
import { matchForeignHash } from './match-foreign-hash.ts';

/** Octets of salt and of output (RFC 9106, section 3.1). */
const SALT_OCTETS = 16;
const OUTPUT_OCTETS = 32;

/**
 * One job more than there are threads waits in the pool, so that a thread that finishes goes on without waiting for the event loop.
 * More would gain nothing and delay everything else that runs there: signatures above all.
 */
const OVERLAP = 1;

/** How passwords are hashed. */
export interface Argon2Options {
  /** Memory of one hash in KiB, 19,456 unless told. */
  readonly memoryKib?: number | undefined;
  /** Passes over the memory, 2 unless told. */
  readonly passes?: number | undefined;
  /** Threads of the pool that hashing runs in (`UV_THREADPOOL_SIZE`), as many as there are cores unless told. */
  readonly threads?: number | undefined;
  /** How many may wait for their turn, 64 unless told. */
  readonly maxWaiting?: number | undefined;
}

/** The two functions that do the work, so that tests can count it. */
export interface Argon2Engine {
  readonly hash: typeof hash;
  readonly verify: typeof verify;
}

/**
 * Hashes passwords with argon2id, version 0x13, one lane (RFC 9106; OWASP Password Storage Cheat Sheet), and compares them with what
 * other services made by argon2, bcrypt, scrypt and PBKDF2 as well.
 */
export class Argon2PasswordHasher implements PasswordHasher {
  readonly #engine: Argon2Engine;
  readonly #memoryKib: number;
  readonly #passes: number;
  readonly #queue: BoundedQueue;
  /** How every hash of the present parameters begins. */
  readonly #prefix: string;
  readonly #dummyHash: string;

  constructor(options: Argon2Options = {}, engine: Argon2Engine = { hash, verify }) {
    this.#engine = engine;
    this.#memoryKib = options.memoryKib ?? 19_456;
    this.#passes = options.passes ?? 2;
    this.#queue = new BoundedQueue({
      running: (options.threads ?? availableParallelism()) + OVERLAP,
      waiting: options.maxWaiting ?? 64,
    });
    this.#prefix = `$argon2id$v=19$m=${this.#memoryKib},t=${this.#passes},p=1$`;
    // Random octets in the place of a hash: comparing with them is the full work from the first time on, and no password fits.
    this.#dummyHash = `${this.#prefix}${phcBase64(SALT_OCTETS)}$${phcBase64(OUTPUT_OCTETS)}`;
  }

  async hash(password: string): Promise<string> {
    const options = {
      memoryCost: this.#memoryKib,
      timeCost: this.#passes,
      parallelism: 1,
      outputLen: OUTPUT_OCTETS,
    };
    return this.#queue.run(() => this.#engine.hash(password, options));
  }

  accepts(hashed: string): boolean {
    return isBoundedArgon2Hash(hashed) || readForeignHash(hashed) !== null;
  }

  async verify(password: string, hashed: string | null): Promise<PasswordVerdict> {
    const matches = await this.#queue.run(() => this.#compare(password, hashed));
    return { matches, outdated: hashed !== null && !hashed.startsWith(this.#prefix) };
  }

  async #compare(password: string, hashed: string | null): Promise<boolean> {
    if (hashed?.startsWith(this.#prefix)) {
      return this.#engine.verify(hashed, password).catch(() => this.#waste(password));
    }
    // Another hash takes another time than a new one, and none at all takes no time: the time of a new one is spent as well.
    const [matches] = await Promise.all([
      hashed === null ? false : this.#compareOther(password, hashed).catch(() => false),
      this.#waste(password),
    ]);
    return matches;
  }

  async #compareOther(password: string, hashed: string): Promise<boolean> {
    const foreign = readForeignHash(hashed);
    return foreign
      ? matchForeignHash(foreign, password)
      : this.#engine.verify(bareArgon2Hash(hashed), password);
  }

  /** Does the work of a comparison in which nothing matches. */
  async #waste(password: string): Promise<false> {
    await this.#engine.verify(this.#dummyHash, password);
    return false;
  }
}

/** Random octets in the base64 without padding that PHC strings use. */
const phcBase64 = (octets: number): string => randomBytes(octets).toString('base64').replaceAll('=', '');
