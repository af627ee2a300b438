/** A hash that another service made by bcrypt. */
export interface BcryptHash {
  readonly kind: 'bcrypt';
  /** As the library reads it, from `$2b$` on. */
  readonly text: string;
}

/** A hash that another service derived by scrypt (RFC 7914). */
export interface ScryptHash {
  readonly kind: 'scrypt';
  readonly cost: { readonly N: number; readonly r: number; readonly p: number };
  readonly salt: Uint8Array;
  readonly expected: Uint8Array;
}

/** A hash that another service derived by PBKDF2 (RFC 8018). */
export interface Pbkdf2Hash {
  readonly kind: 'pbkdf2';
  readonly digest: keyof typeof DIGEST_OCTETS;
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly expected: Uint8Array;
}

/** A hash that another service made, of a cost that is taken. */
export type ForeignHash = BcryptHash | ScryptHash | Pbkdf2Hash;

/** Octets that each digest gives; PBKDF2 does all of its iterations once for each so many octets of its output. */
const DIGEST_OCTETS = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const;

/** What one comparison may cost: about a second of a core, and 128 MiB. */
const MAX_BCRYPT_ROUNDS = 14;
const MAX_SCRYPT_OCTETS = 128 * 2 ** 20;
const MAX_SCRYPT_WORK = 2 ** 21;
const MAX_PBKDF2_ITERATIONS = 2_000_000;

/** Fewer octets of output could be hit by chance; more are made by nobody. */
const OUTPUT_OCTETS = { least: 16, most: 128 } as const;
const MAX_SALT_OCTETS = 256;
/** The longest text that is looked at, in UTF-16 code units. */
const MAX_LENGTH = 1024;

/** `bcrypt$` is what Django writes before; `$2x$` is of an implementation with a fault, and of nobody's. */
const BCRYPT = /^(?:bcrypt\$)?\$2[aby]\$(\d\d)(\$[./A-Za-z0-9]{53})$/;
/** PHC string format: passlib and the crates, packages and programs that follow it. */
const PHC = /^\$(scrypt|pbkdf2(?:-sha(?:1|256|384|512))?)\$([a-zA-Z0-9=,]{1,60})\$([^$]*)\$([^$]+)$/;
/** `pbkdf2_sha256$iterations$salt$hash` and `scrypt$N$salt$r$p$hash`, as Django writes them; the salt is a text. */
const DJANGO_PBKDF2 = /^pbkdf2_(sha1|sha256)\$(\d{1,10})\$([^$]+)\$([^$]+)$/;
const DJANGO_SCRYPT = /^scrypt\$(\d{1,10})\$([^$]+)\$(\d{1,4})\$(\d{1,4})\$([^$]+)$/;
/** `scrypt:N:r:p$salt$hash` and `pbkdf2:digest:iterations$salt$hash`, as Werkzeug writes them; the salt is a text, the hash in hex. */
const WERKZEUG =
  /^(?:scrypt:(\d{1,10}):(\d{1,4}):(\d{1,4})|pbkdf2:(sha1|sha256|sha384|sha512):(\d{1,10}))\$([^$]+)\$([^$]+)$/;

/**
 * Reads a hash that another service made.
 *
 * @returns `null` for what is malformed, of no known format, or costs more than one comparison may
 */
export function readForeignHash(text: string): ForeignHash | null {
  if (text.length > MAX_LENGTH) return null;
  return readBcrypt(text) ?? readPhc(text) ?? readDjango(text) ?? readWerkzeug(text);
}

function readBcrypt(text: string): BcryptHash | null {
  const [, rounds, rest] = BCRYPT.exec(text) ?? [];
  if (rounds === undefined || rest === undefined) return null;
  if (Number(rounds) < 4 || Number(rounds) > MAX_BCRYPT_ROUNDS) return null;
  // The marks tell apart faults that former implementations had with passwords that are never compared here.
  return { kind: 'bcrypt', text: `$2b$${rounds}${rest}` };
}

function readPhc(text: string): ForeignHash | null {
  const [, name, parameters, salt, hash] = PHC.exec(text) ?? [];
  if (name === undefined || parameters === undefined || salt === undefined || hash === undefined) return null;
  const [octets, expected] = [base64(salt), base64(hash)];
  if (!octets || !expected) return null;
  if (name === 'scrypt') return scryptHash(scryptCost(parameters), octets, expected);
  // A number alone is passlib's.
  const given = parametersIn(/^\d+$/.test(parameters) ? `i=${parameters}` : parameters, ['i', 'l']);
  if (given['l'] !== undefined && given['l'] !== expected.length) return null;
  return pbkdf2Hash(name.split('-')[1] ?? 'sha1', given['i'], octets, expected);
}

/** The cost parameter as its logarithm, which the format has it by, or itself, which some write; told twice it is none. */
function scryptCost(parameters: string): GivenCost {
  const { ln, n, N, r, p } = parametersIn(parameters, ['ln', 'n', 'N', 'r', 'p']);
  const told = [ln === undefined ? ln : 2 ** ln, n, N].filter((cost) => cost !== undefined);
  return { N: told.length === 1 ? told[0] : undefined, r, p };
}

function readDjango(text: string): ForeignHash | null {
  const [, digest = '', iterations, salt = '', hash = ''] = DJANGO_PBKDF2.exec(text) ?? [];
  if (iterations !== undefined) {
    return pbkdf2Hash(digest, Number(iterations), Buffer.from(salt), base64(hash));
  }
  const [, N, saltText = '', r, p, derived = ''] = DJANGO_SCRYPT.exec(text) ?? [];
  if (N === undefined) return null;
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  return scryptHash(cost, Buffer.from(saltText), base64(derived));
}

function readWerkzeug(text: string): ForeignHash | null {
  const [, N, r, p, digest = '', iterations, saltText = '', hex = ''] = WERKZEUG.exec(text) ?? [];
  const salt = Buffer.from(saltText);
  const expected = /^(?:[0-9a-f]{2})+$/.test(hex) ? Buffer.from(hex, 'hex') : null;
  if (N !== undefined) return scryptHash({ N: Number(N), r: Number(r), p: Number(p) }, salt, expected);
  return iterations === undefined ? null : pbkdf2Hash(digest, Number(iterations), salt, expected);
}

/** What is said of scrypt's cost; nothing is a cost that it cannot have. */
type GivenCost = Readonly<Record<'N' | 'r' | 'p', number | undefined>>;

/** @returns `null` where the cost is none of scrypt's or more than is taken, or the octets are not of the right number */
function scryptHash(
  { N = 0, r = 0, p = 0 }: GivenCost,
  salt: Uint8Array,
  expected: Uint8Array | null,
): ScryptHash | null {
  if (!expected || !areOctetsTaken(salt, expected)) return null;
  const exponent = Math.log2(N);
  if (!Number.isInteger(exponent) || exponent < 1 || exponent >= 16 * r || p < 1) return null;
  if (128 * N * r > MAX_SCRYPT_OCTETS || N * r * p > MAX_SCRYPT_WORK) return null;
  return { kind: 'scrypt', cost: { N, r, p }, salt, expected };
}

/** @returns `null` where there are no iterations or more than are taken, or the octets are not of the right number */
function pbkdf2Hash(
  digest: string,
  iterations: number | undefined,
  salt: Uint8Array,
  expected: Uint8Array | null,
): Pbkdf2Hash | null {
  if (!expected || !areOctetsTaken(salt, expected) || !isDigest(digest)) return null;
  const blocks = Math.ceil(expected.length / DIGEST_OCTETS[digest]);
  if (iterations === undefined || iterations < 1 || iterations * blocks > MAX_PBKDF2_ITERATIONS) return null;
  return { kind: 'pbkdf2', digest, iterations, salt, expected };
}

const isDigest = (name: string): name is Pbkdf2Hash['digest'] => Object.hasOwn(DIGEST_OCTETS, name);

const areOctetsTaken = (salt: Uint8Array, expected: Uint8Array): boolean =>
  salt.length <= MAX_SALT_OCTETS &&
  expected.length >= OUTPUT_OCTETS.least &&
  expected.length <= OUTPUT_OCTETS.most;

/** `a=1,b=2` in any order, each of the names once at most. @returns nothing where it is anything else */
function parametersIn(text: string, names: readonly string[]): Readonly<Partial<Record<string, number>>> {
  const given = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, name, value] = /^([a-zA-Z]+)=(\d{1,10})$/.exec(part) ?? [];
    if (name === undefined || !names.includes(name) || given.has(name)) return {};
    given.set(name, Number(value));
  }
  return Object.fromEntries(given);
}

/**
 * Base64 with or without padding, of the usual alphabet, of that for URLs, or with passlib's `.` for `+`.
 *
 * @returns `null` for other texts
 */
function base64(text: string): Uint8Array | null {
  const bare = text.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/._-]*$/.test(bare) || bare.length % 4 === 1) return null;
  return Buffer.from(bare.replaceAll('.', '+'), 'base64');
}
