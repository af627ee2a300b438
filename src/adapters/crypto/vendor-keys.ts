import { readFile, stat } from 'node:fs/promises';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  type CryptoKey,
  customFetch,
  errors,
  type FetchImplementation,
  type JSONWebKeySet,
  type RemoteJWKSet,
} from 'jose';
import { KeyOutage } from './key-outage.ts';
import { unavailableBecause } from './unavailable-because.ts';
import { unambiguousJson } from './unambiguous-json.ts';
import type { VendorKeySource } from './vendor-key-source.ts';
import { verificationKeys } from './verification-keys.ts';

/** Milliseconds that a vendor's server has for its keys. */
const TIMEOUT_MS = 3_000;
/** Milliseconds between a request that failed and the next one. */
const PAUSE_MS = 10_000;
/** Milliseconds between a request that did not fail and the next one that an unknown key id causes. */
const COOLDOWN_MS = 30_000;
/** Milliseconds for which keys count without being asked for again. */
const MAX_AGE_MS = 600_000;
/** Octets of the longest answer that is read. */
const MAX_OCTETS = 65_536;

/** What of a token's header names its key. */
export interface KeyName {
  readonly alg: string;
  readonly kid?: string | undefined;
}

/** The public keys of one vendor (RFC 7517). */
export interface VendorKeys {
  /**
   * @returns `null` where there is no such key; also where none is named, and there is more than one
   * @throws {Unavailable} where the keys are out of reach
   */
  readonly find: (name: KeyName) => Promise<CryptoKey | null>;
}

/** How keys are asked for. */
export interface VendorKeysOptions {
  /** Milliseconds that a vendor's server has for its keys; 3,000 unless set. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds between a request to that server that failed and the next one; 10,000 unless set. */
  readonly pauseMs?: number | undefined;
  /** Told of the first failure of several in a row, by its code or kind. */
  readonly onFault: (fault: string) => void;
}

/** A set of keys in which jose finds them. */
type KeySet = Pick<RemoteJWKSet, 'jwks'> & ((header: { alg: string; kid?: string }) => Promise<CryptoKey>);

/** The keys that are there, asked for when they are needed and remembered; so is, for a while, that they are out of reach. */
export function vendorKeys(source: VendorKeySource, options: VendorKeysOptions): VendorKeys {
  const { onFault, pauseMs = PAUSE_MS, timeoutMs = TIMEOUT_MS } = options;
  const current =
    source.kind === 'url'
      ? remoteSet(source.url, timeoutMs, new KeyOutage({ onFault, pauseMs }))
      : fileSet(source.file, new KeyOutage({ onFault, pauseMs: 0 }));
  return { find: async (name) => findIn(await current(), name) };
}

async function findIn(set: KeySet, { alg, kid }: KeyName): Promise<CryptoKey | null> {
  try {
    const key = await set({ alg, ...(kid !== undefined && { kid }) });
    return kid === undefined && set.jwks()?.keys.length !== 1 ? null : key;
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return null;
    if (error instanceof errors.JWKSMultipleMatchingKeys) return null;
    throw unavailableBecause(error);
  }
}

/** The pause is the request's, not the look-up's: keys that are known count while their server is away. */
function remoteSet(url: string, timeoutMs: number, outage: KeyOutage): () => Promise<KeySet> {
  const set = createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeoutMs,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: MAX_AGE_MS,
    [customFetch]: (...request) => outage.guard(() => fetchKeys(...request)),
  });
  return () => Promise.resolve(set);
}

/** Asks for keys, without following the answer to elsewhere, and leaves only what may verify a statement. */
const fetchKeys: FetchImplementation = async (url, options) => {
  const response = await fetch(url, { ...options, redirect: 'error' });
  if (response.status === 200) return Response.json(publicKeysIn(await octetsOf(response)));
  await response.body?.cancel();
  throw Object.assign(new Error('No set of keys.'), { code: `HTTP ${String(response.status)}` });
};

/** @throws {RangeError} for an answer that is too long */
async function octetsOf({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_OCTETS) throw new RangeError('The answer is too long for a set of keys.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws {SyntaxError} for what is no set of keys */
function publicKeysIn(octets: Uint8Array): JSONWebKeySet {
  const set = verificationKeys(unambiguousJson(octets));
  if (!set) throw new SyntaxError('No set of keys.');
  return { keys: set.keys };
}

/** Reads the file again whenever it has changed. */
function fileSet(file: string, outage: KeyOutage): () => Promise<KeySet> {
  let known: { readonly stamp: string; readonly set: KeySet } | null = null;
  const read = async (): Promise<KeySet> => {
    const { mtimeMs, size, ino } = await stat(file);
    const stamp = [mtimeMs, size, ino].join();
    if (known?.stamp === stamp) return known.set;
    const set = createLocalJWKSet(publicKeysIn(await readFile(file)));
    known = { stamp, set };
    return set;
  };
  return () =>
    outage.guard(read).catch((error: unknown) => {
      throw unavailableBecause(error);
    });
}
