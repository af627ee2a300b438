import { compactVerify, type CryptoKey, errors } from 'jose';
import { z } from 'zod';
import type {
  ExpectedStatement,
  VendorStatements,
} from '../../application/ports/legacy/vendor-statements.ts';
import { normalIdentifier } from '../../domain/legacy/legacy-identifier.ts';
import { STATEMENT_MAX_LENGTH, STATEMENT_MAX_LIFE_SECONDS } from '../../domain/legacy/vendor-statement.ts';
import { normalVendorId } from '../../domain/shared/vendor-id.ts';
import { takeApart } from './compact-jwt.ts';
import { unambiguousJson } from './unambiguous-json.ts';
import { type VendorKeys, vendorKeys, type VendorKeysOptions } from './vendor-keys.ts';
import type { VendorKeySource } from './vendor-key-source.ts';
import { STATEMENT_ALGORITHMS } from './verification-keys.ts';

/** Seconds by which the clock of the vendor may differ from ours. */
const CLOCK_SKEW_SECONDS = 30;
/** `typ` of a statement, where it has one; a vendor's access tokens and whatever else it signs have others (RFC 8725, section 3.11). */
const TYPES = ['jwt', 'vendor-statement+jwt'];

/** A vendor that signs statements. */
export interface StatingVendor {
  /** In normal form. */
  readonly vendorId: string;
  /** `null` where it has no keys. */
  readonly keys: VendorKeySource | null;
}

/** Whose statements count, and whom they must be for. */
export interface VendorStatementsOptions extends Omit<VendorKeysOptions, 'onFault'> {
  readonly vendors: readonly StatingVendor[];
  /** Every name that a statement may call us by, in `aud`. */
  readonly audiences: readonly string[];
  /** Told which vendor's keys are out of reach, and the code or kind of the fault: the first time of several in a row. */
  readonly onFault?: ((vendorId: string, fault: string) => void) | undefined;
}

/** What else is in it is not looked at (RFC 7515, section 4); but nothing may ask to be understood, and the payload is JSON as it is. */
const Header = z.object({
  alg: z.enum(STATEMENT_ALGORITHMS),
  kid: z.string().min(1).max(256).optional(),
  typ: z
    .string()
    .refine((typ) => TYPES.includes(typ.toLowerCase()))
    .optional(),
  crit: z.never().optional(),
  b64: z.never().optional(),
});

const seconds = z.int().min(0);

/** The claims of a statement (RFC 7519, section 4.1; `nonce` as in OpenID Connect Core, section 2); others are not looked at. */
const Claims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.tuple([z.string()]).transform(([only]) => only)]),
  nonce: z.string(),
  iat: seconds,
  exp: seconds,
  nbf: seconds.optional(),
  sub: z.string().optional(),
  identifier: z.string().optional(),
  kind: z.string().optional(),
});
type Claims = z.output<typeof Claims>;

/**
 * Judges vendors' statements as compact JWS (RFC 7515), verified with the keys that the operator named for the vendor. Stricter than
 * jose: one spelling of its parts, no name twice, bounded times, exact kinds of claims.
 */
export class JoseVendorStatements implements VendorStatements {
  readonly #audiences: readonly string[];
  readonly #keys: ReadonlyMap<string, VendorKeys>;

  constructor({ audiences, vendors, onFault, pauseMs, timeoutMs }: VendorStatementsOptions) {
    this.#audiences = audiences;
    this.#keys = new Map(
      vendors.flatMap(({ vendorId, keys }) => {
        const options = { pauseMs, timeoutMs, onFault: (fault: string) => onFault?.(vendorId, fault) };
        return keys ? [[vendorId, vendorKeys(keys, options)]] : [];
      }),
    );
  }

  offers(vendorId: string | null): boolean {
    return this.#keysOf(normalVendorId(vendorId)) !== null;
  }

  async verify(
    vendorId: string | null,
    jwt: string,
    expected: ExpectedStatement,
    now: Date,
  ): Promise<boolean> {
    const vendor = normalVendorId(vendorId);
    const keys = this.#keysOf(vendor);
    if (!keys || jwt.length > STATEMENT_MAX_LENGTH) return false;
    const unverified = takeApart(jwt, unambiguousJson);
    const header = Header.safeParse(unverified?.header);
    const claims = Claims.safeParse(unverified?.payload);
    if (!header.success || !claims.success) return false;
    const isMeant =
      normalVendorId(claims.data.iss) === vendor &&
      this.#audiences.includes(claims.data.aud) &&
      isTimely(claims.data, now) &&
      says(claims.data, expected);
    if (!isMeant) return false;
    const key = await keys.find(header.data);
    return key !== null && (await isSigned(jwt, key, header.data.alg));
  }

  #keysOf(vendor: string | null): VendorKeys | null {
    return vendor === null ? null : (this.#keys.get(vendor) ?? null);
  }
}

function isTimely({ iat, exp, nbf = iat }: Claims, now: Date): boolean {
  const at = now.getTime() / 1000;
  return (
    exp > iat &&
    exp - iat <= STATEMENT_MAX_LIFE_SECONDS &&
    at >= iat - CLOCK_SKEW_SECONDS &&
    at >= nbf - CLOCK_SKEW_SECONDS &&
    at <= exp + CLOCK_SKEW_SECONDS
  );
}

/** Whether the claims name the identifier in some spelling, for our nonce. */
function says({ nonce, kind, identifier, sub }: Claims, expected: ExpectedStatement): boolean {
  const named = identifier ?? sub;
  return (
    nonce === expected.nonce &&
    (kind === undefined || kind === expected.kind) &&
    named !== undefined &&
    normalIdentifier(expected.kind, named) === expected.identifier
  );
}

async function isSigned(jwt: string, key: CryptoKey, alg: string): Promise<boolean> {
  try {
    await compactVerify(jwt, key, { algorithms: [alg] });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}
