import type {
  SigningKeyStore,
  StoredSigningKey,
} from '../../../application/ports/stores/signing-key-store.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { MemoryAccess } from '../memory-access.ts';

/** The installation's signing keys, in memory. */
export class MemorySigningKeyStore implements SigningKeyStore {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async listAccepted(now: Date): Promise<readonly StoredSigningKey[]> {
    return this.#access.read((tables) =>
      [...tables.signingKeys.values()]
        .filter((key) => key.acceptedUntil === null || now < key.acceptedUntil)
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.kid < b.kid ? 1 : -1)),
    );
  }

  async addFirst(key: StoredSigningKey): Promise<boolean> {
    return this.#access.write((tables) => {
      if ([...tables.signingKeys.values()].some((known) => known.acceptedUntil === null)) return false;
      tables.signingKeys.add(key.kid, key);
      return true;
    });
  }

  async addAndRetireOthers(
    key: StoredSigningKey,
    othersAcceptedUntil: Date,
    audit: AuditEntry,
  ): Promise<void> {
    await this.#access.write((tables) => {
      const signing = [...tables.signingKeys.values()].filter((other) => other.acceptedUntil === null);
      for (const other of signing) {
        tables.signingKeys.set(other.kid, { ...other, acceptedUntil: othersAcceptedUntil });
      }
      tables.signingKeys.add(key.kid, key);
      tables.auditEntries.add(audit.id, audit);
    });
  }
}
