import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';

/** A public signing key as JSON Web Key (RFC 7517). */
export interface PublicSigningKey {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
}

/** What an operator sees of a signing key. */
export interface SigningKeyInfo {
  readonly kid: string;
  readonly alg: string;
  readonly createdAt: Date;
  /** `null` for the key that signs now; otherwise until when its tokens are accepted. */
  readonly acceptedUntil: Date | null;
}

/** The keys that sign access tokens. */
export interface SigningKeys {
  /** Makes the first key where there is none; of several that try at once, one does. */
  readonly ensure: (now: Date) => Promise<void>;
  /** Makes a new key, which signs from now on, and keeps the entry with it; the former is accepted for as long as its tokens live. */
  readonly rotate: (now: Date, audit: AuditEntry) => Promise<SigningKeyInfo>;
  /** Every key that is accepted at `now`, the newest first. */
  readonly list: (now: Date) => Promise<readonly SigningKeyInfo[]>;
  /** The public halves of those, for a JWK set. */
  readonly publicKeys: (now: Date) => Promise<readonly PublicSigningKey[]>;
}
