import { randomBytes } from 'node:crypto';
import type {
  ExpectedStatement,
  VendorStatements,
} from '../../../src/application/ports/legacy/vendor-statements.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { normalIdentifier } from '../../../src/domain/legacy/legacy-identifier.ts';
import { normalVendorId } from '../../../src/domain/shared/vendor-id.ts';
import { secondsUntil } from '../../../src/domain/shared/time.ts';

/** Seconds that a statement may be made for. */
const MAX_LIFE_SECONDS = 300;
/** Seconds by which the clock of a vendor may differ. */
const CLOCK_SKEW_SECONDS = 30;

/** What a vendor says of a person. */
export interface GivenStatement {
  readonly vendorId: string;
  readonly nonce: string;
  /** In any spelling. */
  readonly identifier: string;
  /** `null` where the vendor does not say it. */
  readonly kind: string | null;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Statements of 256 random bits that mean something in this process only: vendors make them here, and nobody can forge one. */
export class MemoryVendorStatements implements VendorStatements {
  readonly #vendors = new Set<string | null>();
  readonly #issued = new Map<string, GivenStatement>();
  #outages = 0;

  /** Lets the statements of a vendor count from now on. */
  admit(vendorId: string): void {
    this.#vendors.add(normalVendorId(vendorId));
  }

  /** Has a vendor say something. */
  issue(given: GivenStatement): string {
    const jwt = randomBytes(32).toString('base64url');
    this.#issued.set(jwt, given);
    return jwt;
  }

  /** Is out of reach for the next attempts, so many as told. */
  fail(times = 1): void {
    this.#outages = times;
  }

  offers(vendorId: string | null): boolean {
    const normal = normalVendorId(vendorId);
    return normal !== null && this.#vendors.has(normal);
  }

  verify(vendorId: string | null, jwt: string, expected: ExpectedStatement, now: Date): Promise<boolean> {
    if (!this.offers(vendorId)) return Promise.resolve(false);
    if (this.#outages > 0) {
      this.#outages -= 1;
      return Promise.reject(new Unavailable());
    }
    const given = this.#issued.get(jwt);
    const counts =
      given &&
      normalVendorId(given.vendorId) === normalVendorId(vendorId) &&
      isTimely(given, now) &&
      says(given, expected);
    return Promise.resolve(counts ?? false);
  }
}

function isTimely({ issuedAt, expiresAt }: GivenStatement, now: Date): boolean {
  const life = secondsUntil(issuedAt, expiresAt);
  return (
    life > 0 &&
    life <= MAX_LIFE_SECONDS &&
    secondsUntil(now, issuedAt) <= CLOCK_SKEW_SECONDS &&
    secondsUntil(expiresAt, now) <= CLOCK_SKEW_SECONDS
  );
}

const says = ({ nonce, kind, identifier }: GivenStatement, expected: ExpectedStatement): boolean =>
  nonce === expected.nonce &&
  (kind === null || kind === expected.kind) &&
  normalIdentifier(expected.kind, identifier) === expected.identifier;
