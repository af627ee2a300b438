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
import { Unavailable } from '../../domain/access/errors.ts';
import { unambiguousJson } from './unambiguous-json.ts';
import type { VendorKeySource } from './vendor-key-source.ts';
import { verificationKeys } from './verification-keys.ts';

/** Milliseconds that a vendor's server has for its keys. */
const TIMEOUT_MS = 3_000;
/** Milliseconds between two requests for keys that unknown key ids cause. */
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

/** A set of keys in which jose finds them. */
type KeySet = Pick<RemoteJWKSet, 'jwks'> & ((header: { alg: string; kid?: string }) => Promise<CryptoKey>);

/** The keys that are there, asked for when they are needed and remembered. */
export function vendorKeys(source: VendorKeySource): VendorKeys {
  const current = source.kind === 'url' ? remoteSet(source.url) : fileSet(source.file);
  return { find: async (name) => findIn(await current(), name) };
}

async function findIn(set: KeySet, { alg, kid }: KeyName): Promise<CryptoKey | null> {
  try {
    const key = await set({ alg, ...(kid !== undefined && { kid }) });
    return kid === undefined && set.jwks()?.keys.length !== 1 ? null : key;
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return null;
    if (error instanceof errors.JWKSMultipleMatchingKeys) return null;
    throw outOfReach(error);
  }
}

function outOfReach(cause: unknown): Unavailable {
  const refusal = new Unavailable();
  refusal.cause = cause;
  return refusal;
}

function remoteSet(url: string): () => Promise<KeySet> {
  const set = createRemoteJWKSet(new URL(url), {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: MAX_AGE_MS,
    [customFetch]: fetchKeys,
  });
  return () => Promise.resolve(set);
}

/** Asks for keys, without following the answer to elsewhere, and leaves only what may verify a statement. */
const fetchKeys: FetchImplementation = async (url, options) => {
  const response = await fetch(url, { ...options, redirect: 'error' });
  if (response.status === 200) return Response.json(publicKeysIn(await octetsOf(response)));
  await response.body?.cancel();
  return new Response(null, { status: 503 });
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
function fileSet(file: string): () => Promise<KeySet> {
  let known: { readonly stamp: string; readonly set: KeySet } | null = null;
  return async () => {
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const stamp = [mtimeMs, size, ino].join();
      if (known?.stamp === stamp) return known.set;
      const set = createLocalJWKSet(publicKeysIn(await readFile(file)));
      known = { stamp, set };
      return set;
    } catch (error) {
      throw outOfReach(error);
    }
  };
}
