import { type KeyObject, createHmac, createSecretKey } from 'node:crypto';
import type { AuditChain } from '../../application/ports/security/audit-chain.ts';
import type { ChainPart } from '../../domain/audit/audit-chain.ts';
import type { MasterKey } from './master-key.ts';

/** HMAC-SHA-256 under keys that are derived from the audit key, one a part. */
export class HmacAuditChain implements AuditChain {
  readonly #keys: Readonly<Record<ChainPart, KeyObject>>;

  /** @param auditKey the installation's audit key, which encrypts nothing */
  constructor(auditKey: MasterKey) {
    const keyOf = (part: ChainPart) => createSecretKey(auditKey.derive(`audit-chain/${part}`));
    this.#keys = {
      record: keyOf('record'),
      link: keyOf('link'),
      batch: keyOf('batch'),
      seal: keyOf('seal'),
      head: keyOf('head'),
    };
  }

  readonly mac = (part: ChainPart, content: string): Uint8Array =>
    createHmac('sha256', this.#keys[part]).update(content, 'utf8').digest();
}
