import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type {
  PublicSigningKey,
  SigningKeyInfo,
  SigningKeys,
} from '../../../src/application/ports/security/signing-keys.ts';
import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';

interface MemorySigningKey {
  readonly info: SigningKeyInfo;
  readonly published: PublicSigningKey;
}

/** Ed25519 keys that live as long as this object. They are listed and rotated; tokens in memory need no signature. */
export class MemorySigningKeys implements SigningKeys {
  readonly #keep: (audit: AuditEntry) => Promise<void>;
  readonly #tokenSeconds: number;
  /** The newest first. */
  #keys: readonly MemorySigningKey[] = [];

  /**
   * @param keep keeps the entry of a rotation
   * @param tokenSeconds the life of a token, for which a former key is accepted
   */
  constructor(keep: (audit: AuditEntry) => Promise<void>, tokenSeconds = 600) {
    this.#keep = keep;
    this.#tokenSeconds = tokenSeconds;
  }

  ensure(now: Date): Promise<void> {
    if (this.#keys.length === 0) this.#keys = [newKey(now)];
    return Promise.resolve();
  }

  async rotate(now: Date, audit: AuditEntry): Promise<SigningKeyInfo> {
    await this.#keep(audit);
    const acceptedUntil = addSeconds(now, this.#tokenSeconds);
    const former = this.#keys.map(({ info, published }) => ({
      info: { ...info, acceptedUntil: info.acceptedUntil ?? acceptedUntil },
      published,
    }));
    const key = newKey(now);
    this.#keys = [key, ...former];
    return key.info;
  }

  list(now: Date): Promise<readonly SigningKeyInfo[]> {
    return Promise.resolve(this.#accepted(now).map(({ info }) => info));
  }

  publicKeys(now: Date): Promise<readonly PublicSigningKey[]> {
    return Promise.resolve(this.#accepted(now).map(({ published }) => published));
  }

  #accepted(now: Date): readonly MemorySigningKey[] {
    return this.#keys.filter(({ info }) => info.acceptedUntil === null || now < info.acceptedUntil);
  }
}

function newKey(now: Date): MemorySigningKey {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const kid = randomUUID();
  return {
    info: { kid, alg: 'EdDSA', createdAt: now, acceptedUntil: null },
    published: { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' },
  };
}
