import { randomBytes } from 'node:crypto';
import { HmacAuditChain } from '../../src/adapters/crypto/hmac-audit-chain.ts';
import { MasterKey } from '../../src/adapters/crypto/master-key.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import type { AuditChain } from '../../src/application/ports/security/audit-chain.ts';
import type { AuditSealStore } from '../../src/application/ports/stores/audit-seal-store.ts';
import { SealAuditTrail } from '../../src/application/audit/seal-audit-trail.ts';
import { type AuditVerdict, VerifyAuditTrail } from '../../src/application/audit/verify-audit-trail.ts';
import type { ChainFinding } from '../../src/domain/audit/chain-finding.ts';
import type { NotedHead } from '../../src/domain/audit/noted-head.ts';
import { SYSTEM } from './builders.ts';

/** A verification, with what it found. */
export interface Verification extends Omit<AuditVerdict, 'findings'> {
  readonly findings: readonly ChainFinding[];
}

/** What seals a trail, and what verifies it. */
export interface AuditSealing {
  readonly auditChain: AuditChain;
  /** How many entries it sealed. */
  readonly seal: () => Promise<number>;
  /** From here on seals as a process does that was just started, and has seen nothing of the chain yet. */
  readonly restart: () => void;
  readonly verify: (noted?: NotedHead | null) => Promise<Verification>;
}

/** The use cases of the chain on a store, under a key that nobody else has. */
export function auditSealing(auditSeals: AuditSealStore): AuditSealing {
  const auditChain = new HmacAuditChain(new MasterKey(randomBytes(32)));
  const clock = new SystemClock();
  const start = () => new SealAuditTrail({ auditChain, auditSeals, clock });
  const verification = new VerifyAuditTrail({ auditChain, auditSeals, clock });
  let sealing = start();
  return {
    auditChain,
    seal: async () => (await sealing.execute({ actor: SYSTEM })).sealed,
    restart: () => {
      sealing = start();
    },
    verify: async (noted = null) => {
      const findings: ChainFinding[] = [];
      const verdict = await verification.execute({
        actor: SYSTEM,
        noted,
        onFinding: (finding) => findings.push(finding),
      });
      if (verdict.findings !== findings.length) throw new Error('Findings were counted wrong.');
      return { ...verdict, findings };
    },
  };
}
