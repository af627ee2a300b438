import type {
  PublicSigningKey,
  SigningKeyInfo,
  SigningKeys,
} from '../../application/ports/security/signing-keys.ts';
import type { SigningKeyStore, StoredSigningKey } from '../../application/ports/stores/signing-key-store.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import { Unavailable } from '../../domain/access/errors.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import { type Ed25519Key, createEd25519Key, openEd25519Key } from './ed25519-key.ts';
import type { MasterKey } from './master-key.ts';
import { unavailableBecause } from './unavailable-because.ts';

/** Milliseconds after which what is in memory is read again, while it goes on being used. */
const REFRESH_AFTER_MS = 60_000;
/** Milliseconds after which what is in memory no longer counts: by then no process signs with a key that was retired elsewhere. */
const USABLE_MS = 300_000;
/** Milliseconds between two readings that unknown key ids cause, or that follow a failure. */
const RETRY_MS = 1_000;

/** What the keys are made with. */
export interface JoseSigningKeysDependencies {
  readonly signingKeyStore: SigningKeyStore;
  readonly masterKey: MasterKey;
}

interface LoadedKey extends Ed25519Key {
  readonly info: SigningKeyInfo;
}

interface Loaded {
  /** By key id, the newest first. */
  readonly keys: ReadonlyMap<string, LoadedKey>;
  /** Milliseconds of the epoch at which they were read. */
  readonly at: number;
}

/**
 * Ed25519 signing keys (RFC 8037), sealed under the master key in their store and kept opened in memory. A retired key is accepted
 * for as long as its last tokens live and five minutes more: for that long, a process that has not heard of the rotation may go on
 * signing with it.
 */
export class JoseSigningKeys implements SigningKeys {
  readonly #deps: JoseSigningKeysDependencies;
  readonly #overlapSeconds: number;
  #loaded: Loaded | null = null;
  #loading: Promise<Loaded> | null = null;
  /** The reading that follows the one under way. */
  #next: Promise<Loaded> | null = null;
  #lastRefreshAt = Number.NEGATIVE_INFINITY;
  #lastUnknownAt = Number.NEGATIVE_INFINITY;

  /** @param accessTokenTtlSeconds how long an access token lives */
  constructor(deps: JoseSigningKeysDependencies, accessTokenTtlSeconds: number) {
    this.#deps = deps;
    this.#overlapSeconds = accessTokenTtlSeconds + USABLE_MS / 1000;
  }

  async ensure(now: Date): Promise<void> {
    if (signerOf(await this.#read(now))) return;
    const first = await createEd25519Key(this.#deps.masterKey, now);
    await this.#asked((store) => store.addFirst(first));
    await this.#read(now);
  }

  async rotate(now: Date, audit: AuditEntry): Promise<SigningKeyInfo> {
    const key = await createEd25519Key(this.#deps.masterKey, now);
    const acceptedUntil = addSeconds(now, this.#overlapSeconds);
    await this.#asked((store) => store.addAndRetireOthers(key, acceptedUntil, audit));
    // The new key stands from here on. Where it cannot be read back, whoever needs it next reads again.
    this.#loaded = null;
    await this.#read(now).catch(() => undefined);
    return infoOf(key);
  }

  async list(now: Date): Promise<readonly SigningKeyInfo[]> {
    const { keys } = await this.#read(now);
    return [...keys.values()].map((key) => key.info);
  }

  async publicKeys(now: Date): Promise<readonly PublicSigningKey[]> {
    const { keys } = await this.#usable(now);
    return [...keys.values()]
      .filter((key) => isAccepted(key, now))
      .map(({ publicJwk, kid, alg }) => ({ ...publicJwk, kid, alg, use: 'sig' }));
  }

  /**
   * The key that signs at `now`.
   *
   * @throws {Unavailable} when there is none, or it cannot be read
   */
  async current(now: Date): Promise<Ed25519Key> {
    const signer = signerOf(await this.#usable(now));
    if (!signer) throw new Unavailable();
    return signer;
  }

  /**
   * The key of that id where its signatures are accepted at `now`. An id that is not known has the keys read again, at most once a
   * second.
   *
   * @throws {Unavailable} when the keys cannot be read
   */
  async byKid(kid: string, now: Date): Promise<Ed25519Key | null> {
    const loaded = await this.#usable(now);
    const key = loaded.keys.get(kid) ?? (await this.#reread(now))?.keys.get(kid);
    return key && isAccepted(key, now) ? key : null;
  }

  /**
   * Reads the keys again: for whoever hears that they changed elsewhere.
   *
   * @throws {Unavailable} when they cannot be read
   */
  async reload(now: Date): Promise<void> {
    await this.#read(now);
  }

  /** What is in memory, read again beside it when it is older than a minute and before it when older than five. */
  async #usable(now: Date): Promise<Loaded> {
    const loaded = this.#loaded;
    // A clock that was set back makes what is in memory as old as one that ran on.
    const age = loaded ? Math.abs(now.getTime() - loaded.at) : Number.POSITIVE_INFINITY;
    if (!loaded || age >= USABLE_MS) return this.#loading ?? this.#read(now);
    if (age >= REFRESH_AFTER_MS && isDue(this.#lastRefreshAt, now)) {
      this.#lastRefreshAt = now.getTime();
      this.#read(now).catch(() => undefined);
    }
    return loaded;
  }

  /** @returns what was read for an unknown key id; `null` where that was done a moment ago */
  async #reread(now: Date): Promise<Loaded | null> {
    if (!isDue(this.#lastUnknownAt, now)) return this.#next ?? this.#loading;
    this.#lastUnknownAt = now.getTime();
    return this.#read(now);
  }

  /**
   * Reads what is in the store from now on: a reading under way may have begun before the change that the caller knows of, so one
   * more follows it, shared by all who wait.
   */
  #read(now: Date): Promise<Loaded> {
    if (this.#next) return this.#next;
    if (!this.#loading) return this.#start(now);
    const start = (): Promise<Loaded> => {
      this.#next = null;
      return this.#start(now);
    };
    this.#next = this.#loading.then(start, start);
    return this.#next;
  }

  #start(now: Date): Promise<Loaded> {
    const loading = this.#load(now).finally(() => {
      if (this.#loading === loading) this.#loading = null;
    });
    this.#loading = loading;
    return loading;
  }

  async #load(now: Date): Promise<Loaded> {
    const stored = await this.#asked((store) => store.listAccepted(now));
    const keys = await Promise.all(stored.map((key) => this.#open(key)));
    this.#loaded = { keys: new Map(keys.map((key) => [key.kid, key])), at: now.getTime() };
    return this.#loaded;
  }

  async #open(stored: StoredSigningKey): Promise<LoadedKey> {
    const known = this.#loaded?.keys.get(stored.kid) ?? (await openEd25519Key(this.#deps.masterKey, stored));
    return { ...known, info: infoOf(stored) };
  }

  async #asked<T>(ask: (store: SigningKeyStore) => Promise<T>): Promise<T> {
    try {
      return await ask(this.#deps.signingKeyStore);
    } catch (error) {
      throw unavailableBecause(error);
    }
  }
}

const infoOf = ({ kid, alg, createdAt, acceptedUntil }: StoredSigningKey): SigningKeyInfo => ({
  kid,
  alg,
  createdAt,
  acceptedUntil,
});

const signerOf = ({ keys }: Loaded): LoadedKey | null =>
  [...keys.values()].find((key) => key.info.acceptedUntil === null) ?? null;

const isAccepted = ({ info }: LoadedKey, now: Date): boolean =>
  info.acceptedUntil === null || now < info.acceptedUntil;

const isDue = (lastAt: number, now: Date): boolean => Math.abs(now.getTime() - lastAt) >= RETRY_MS;
