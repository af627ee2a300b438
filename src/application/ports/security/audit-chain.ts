import type { ChainMac } from '../../../domain/audit/audit-chain.ts';

/** The keyed hashes that chain the audit trail (HMAC-SHA-256, RFC 2104), under keys that the database does not hold. */
export interface AuditChain {
  /** The same for the same part and content, in each process of the installation. */
  readonly mac: ChainMac;
}
