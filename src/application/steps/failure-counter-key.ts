import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { Account } from './load-account.ts';

/**
 * The failure counter of an address within a tenant, whether or not an account is behind it.
 *
 * @param email in its normal form
 * @returns 32 octets
 */
export const failureCounterKey = (keyedHash: KeyedHash, tenantSlug: string, email: string): Uint8Array =>
  keyedHash.of('failure-counter', `${tenantSlug}\n${email}`);

/** The failure counter of an account: that of its address. */
export const accountCounterKey = (keyedHash: KeyedHash, { user, tenant }: Account): Uint8Array =>
  failureCounterKey(keyedHash, tenant.slug, user.email);
