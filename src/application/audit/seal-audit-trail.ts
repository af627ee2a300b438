import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import { type AuditSeal, isHeadGenuine, isSealGenuine, sealEntries } from '../../domain/audit/audit-chain.ts';
import { AuditChainBroken } from '../../domain/audit/audit-chain-broken.ts';
import type { AuditChain } from '../ports/security/audit-chain.ts';
import type { AuditSealStore, SealableEntries, SealingPosition } from '../ports/stores/audit-seal-store.ts';
import type { Clock } from '../ports/system/clock.ts';

export interface SealAuditTrailCommand {
  readonly actor: Actor;
}

interface Dependencies {
  readonly auditChain: AuditChain;
  readonly auditSeals: AuditSealStore;
  readonly clock: Clock;
}

/** How many entries one seal takes at most. */
const BATCH = 1_000;
/** How many seals one run makes at most: what is left waits for the next. */
const BATCHES = 50;

/**
 * Seals the entries of all audit trails that have not been sealed yet. To be done every few seconds, by any number of processes: nobody
 * who writes entries waits for it, and of several who seal at once one does.
 */
export class SealAuditTrail {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Each batch is kept or not as a whole. An entry whose transaction is still open is sealed by a later run.
   *
   * @returns how many entries it sealed
   * @throws {Forbidden} for everybody but the installation itself
   * @throws {AuditChainBroken} where the end of the chain is not as it was left; nothing is sealed until somebody has looked into it
   */
  async execute({ actor }: SealAuditTrailCommand): Promise<number> {
    authorize(actor, 'jobs.run');
    const { auditSeals } = this.#deps;
    let last = await this.#lastSeal();
    let after: SealingPosition | null = null;
    let sealed = 0;
    for (let batches = 0; batches < BATCHES;) {
      const found: SealableEntries = await auditSeals.listSealable(last?.horizon ?? null, after, BATCH);
      if (found.entries.length > 0 || found.isDue) {
        const seal = await this.#seal(last, found);
        if (!seal) break;
        last = seal;
        sealed += found.entries.length;
        batches += 1;
      }
      if (!found.next) break;
      after = found.next;
    }
    return sealed;
  }

  /** Sealing on from an end that somebody has cut would sign what is left as if it were all. */
  async #lastSeal(): Promise<AuditSeal | null> {
    const { auditChain, auditSeals } = this.#deps;
    const { head, seal } = await auditSeals.readEnd();
    if (!head || !isHeadGenuine(auditChain.mac, head, seal)) throw new AuditChainBroken();
    if (seal && !isSealGenuine(auditChain.mac, seal)) throw new AuditChainBroken();
    return seal;
  }

  /** @returns `null` where somebody else sealed meanwhile */
  async #seal(last: AuditSeal | null, found: SealableEntries): Promise<AuditSeal | null> {
    const { auditChain, auditSeals, clock } = this.#deps;
    const batch = sealEntries(auditChain.mac, last, found, clock.now());
    return (await auditSeals.append(batch)) ? batch.seal : null;
  }
}
