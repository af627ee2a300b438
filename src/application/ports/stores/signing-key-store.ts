import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';

/** A signing key at rest. */
export interface StoredSigningKey {
  readonly kid: string;
  readonly alg: string;
  /** JSON Web Key of the public half. */
  readonly publicKey: Readonly<Record<string, unknown>>;
  /** The private half, encrypted under the master key. */
  readonly sealedPrivateKey: Uint8Array;
  readonly createdAt: Date;
  /** Until when its tokens are accepted once another key signs; `null` for the one that signs. */
  readonly acceptedUntil: Date | null;
}

/** The installation's signing keys. */
export interface SigningKeyStore {
  /** Those accepted at `now`, the newest first. */
  readonly listAccepted: (now: Date) => Promise<readonly StoredSigningKey[]>;
  /**
   * Adds the first key.
   *
   * @returns `false` where there is one that signs already; of several callers at once, one gets `true`
   */
  readonly addFirst: (key: StoredSigningKey) => Promise<boolean>;
  /** Adds a key that signs from now on, gives every other one that has no end yet `othersAcceptedUntil`, and keeps the entry; atomic. */
  readonly addAndRetireOthers: (
    key: StoredSigningKey,
    othersAcceptedUntil: Date,
    audit: AuditEntry,
  ) => Promise<void>;
}
