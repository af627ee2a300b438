import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { unambiguousJson } from '../../adapters/crypto/unambiguous-json.ts';
import type { VendorKeySource } from '../../adapters/crypto/vendor-key-source.ts';
import { STATEMENT_ALGORITHMS, verificationKeys } from '../../adapters/crypto/verification-keys.ts';
import { errorCode } from '../../adapters/embedded-postgres/error-code.ts';
import { isLoopbackHost } from '../../adapters/mail/is-loopback-host.ts';
import { LEGACY_IDENTIFIER_KINDS } from '../../domain/legacy/legacy-identifier.ts';
import type { Vendor } from '../../domain/legacy/vendor.ts';
import { normalVendorId, VENDOR_ID_MAX_LENGTH } from '../../domain/shared/vendor-id.ts';
import { canonicalPoolName } from '../../domain/shared/pool-name.ts';
import { SLUG_PATTERN } from '../../domain/tenancy/tenant.ts';
import type { ConfigProblem } from './config-refused.ts';

/** A vendor as the operator lists it. */
export interface ConfiguredVendor extends Vendor {
  readonly vendorId: string;
  /** Where the keys are that it signs statements with; `null` where it signs none. */
  readonly keys: VendorKeySource | null;
}

/** The vendors of a file, as far as they can be read. */
export interface ReadVendors {
  readonly vendors: readonly ConfiguredVendor[];
  /** A line for each thing about the file that does not do. */
  readonly problems: readonly ConfigProblem[];
}

type Profile = 'demo' | 'production';

const SHAPE = 'a list such as [{"vendorId":"north","tenant":"default"}]';
const FIELDS = 'vendorId, tenant, privatePool, jwksUrl, jwksFile and identifierKind';
/** What of an unknown field is told: a name as programs give them, and no value that came to stand in its place. */
const FIELD_NAME = /^[a-z][a-z_-]{0,39}$/i;

const transformed = <T>(transform: (text: string) => T | null, error: string) =>
  z.string({ error }).transform((text, context): T => {
    const value = transform(text);
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });

function vendorIdOf(text: string): string | null {
  const normal = normalVendorId(text);
  return normal !== null && normal.isWellFormed() && [...normal].length <= VENDOR_ID_MAX_LENGTH
    ? normal
    : null;
}

function isKeyUrl(text: string, profile: Profile): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (`${username}${password}${hash}` !== '') return false;
  const mayBePlain = profile === 'demo' || isLoopbackHost(hostname.replace(/^\[|\]$/g, ''));
  return protocol === 'https:' || (protocol === 'http:' && mayBePlain);
}

const ENTRY_SHAPE = `must be an object with the fields ${FIELDS}, the first two required`;

/** Names the fields that nobody knows. */
function unknownFields(names: readonly string[]): string {
  const told = names.map((name) => (FIELD_NAME.test(name) ? name : 'an odd name'));
  return `has unknown fields (${told.join(', ')}); ${ENTRY_SHAPE}`;
}

const entry = (profile: Profile) =>
  z
    .strictObject(
      {
        vendorId: transformed(vendorIdOf, 'vendorId must be a text of 1 to 100 characters'),
        tenant: z
          .string({ error: 'tenant must be the slug of a tenant' })
          .regex(SLUG_PATTERN, { error: 'tenant must be the slug of a tenant' }),
        privatePool: transformed(
          canonicalPoolName,
          'privatePool must be the name of a pool, 1 to 100 characters; leave it out where there is none',
        ).optional(),
        jwksUrl: z
          .string({ error: 'jwksUrl must be a URL' })
          .refine((text) => isKeyUrl(text, profile), {
            error: 'jwksUrl must be an https URL without credentials and fragment',
          })
          .optional(),
        jwksFile: z
          .string({ error: 'jwksFile must be a path' })
          .min(1, { error: 'jwksFile must be a path' })
          .optional(),
        identifierKind: z
          .enum(LEGACY_IDENTIFIER_KINDS, {
            error: `identifierKind must be one of ${LEGACY_IDENTIFIER_KINDS.join(', ')}`,
          })
          .optional(),
      },
      { error: (issue) => (issue.code === 'unrecognized_keys' ? unknownFields(issue.keys) : ENTRY_SHAPE) },
    )
    .refine(({ jwksUrl, jwksFile }) => jwksUrl === undefined || jwksFile === undefined, {
      error: 'names its keys twice; set jwksUrl or jwksFile',
    });

type Entry = z.output<ReturnType<typeof entry>>;

const problem = (remedy: string): ConfigProblem => ({ setting: 'VENDORS', remedy });
const refused = (remedy: string): ReadVendors => ({ vendors: [], problems: [problem(remedy)] });

/**
 * Reads the file of vendors. Its words are told back without its values.
 *
 * @param file its path; `undefined` where there is none
 */
export function readVendors(file: string | undefined, profile: Profile): ReadVendors {
  if (file === undefined) return { vendors: [], problems: [] };
  const path = resolve(file);
  const content = readJson(path);
  if ('fault' in content) return refused(`the file that it names ${content.fault}`);
  const list = z.array(z.unknown()).safeParse(content.json);
  if (!list.success) return refused(`the file that it names must hold ${SHAPE}`);
  const read = list.data.map((given, index) => readEntry(given, `entry ${String(index + 1)}`, path, profile));
  const vendors = read.flatMap((part) => part.vendors);
  return { vendors, problems: [...read.flatMap((part) => part.problems), ...duplicates(vendors)] };
}

function readEntry(given: unknown, name: string, path: string, profile: Profile): ReadVendors {
  const parsed = entry(profile).safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ message }) => problem(`${name}: ${message}`));
    return { vendors: [], problems };
  }
  const keys = keysOf(parsed.data, path);
  const fault = keys?.kind === 'file' ? faultOfKeys(keys.file) : null;
  if (fault !== null) return refused(`${name}: the file that jwksFile names ${fault}`);
  const { vendorId, tenant, privatePool = null, identifierKind = null } = parsed.data;
  return { vendors: [{ vendorId, tenant, privatePool, identifierKind, keys }], problems: [] };
}

function keysOf({ jwksUrl, jwksFile }: Entry, path: string): VendorKeySource | null {
  if (jwksUrl !== undefined) return { kind: 'url', url: jwksUrl };
  return jwksFile === undefined ? null : { kind: 'file', file: resolve(dirname(path), jwksFile) };
}

/** @returns `null` where the file holds public keys, and nothing that should not be there */
function faultOfKeys(file: string): string | null {
  const content = readJson(file);
  if ('fault' in content) return content.fault;
  const set = verificationKeys(content.json);
  if (!set) return 'must hold a JWK set such as {"keys":[…]}';
  if (set.holdsSecrets) return 'holds a private or shared key; put public halves of keys there only';
  return set.keys.length > 0 ? null : `holds no public key for ${STATEMENT_ALGORITHMS.join(', ')}`;
}

function readJson(file: string): { readonly json: unknown } | { readonly fault: string } {
  try {
    return { json: unambiguousJson(readFileSync(file)) };
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: 'must hold JSON in UTF-8 that says no name twice' };
    return { fault: `cannot be read (${errorCode(error) ?? 'unknown'})` };
  }
}

function duplicates(vendors: readonly ConfiguredVendor[]): readonly ConfigProblem[] {
  const ids = vendors.map(({ vendorId }) => vendorId);
  return new Set(ids).size === ids.length
    ? []
    : [problem('the file that it names lists a vendor twice; ids are compared trimmed and in lower case')];
}
