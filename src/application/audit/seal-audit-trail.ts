import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import { type AuditSeal, isHeadGenuine, isSealGenuine, sealEntries } from '../../domain/audit/audit-chain.ts';
import { AuditChainBroken } from '../../domain/audit/audit-chain-broken.ts';
import { type NotedHead, notedHeadOf } from '../../domain/audit/noted-head.ts';
import { sameOctets } from '../../domain/shared/octets.ts';
import type { AuditChain } from '../ports/security/audit-chain.ts';
import type { AuditSealStore, SealableEntries, SealingPosition } from '../ports/stores/audit-seal-store.ts';
import type { Clock } from '../ports/system/clock.ts';

export interface SealAuditTrailCommand {
  readonly actor: Actor;
}

/** What one run came to. */
export interface SealedTrail {
  /** How many entries it sealed. */
  readonly sealed: number;
  /** The last seal that it saw or made; `null` where nothing was sealed ever. */
  readonly head: NotedHead | null;
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
 * who writes entries waits for it, and of several who seal at once one does. It remembers the last seal that it has seen: a database in
 * which the chain was set back, to an older copy or to nothing, cannot tell that itself.
 */
export class SealAuditTrail {
  readonly #deps: Dependencies;
  /** The last seal that was seen or made here; `null` before the first. */
  #seen: AuditSeal | null = null;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Each batch is kept or not as a whole. An entry whose transaction is still open is sealed by a later run.
   *
   * @throws {Forbidden} for everybody but the installation itself
   * @throws {AuditChainBroken} where the end of the chain is not as it was left, or a seal that was seen here is not in it any more;
   *   nothing is sealed until somebody has looked into it
   */
  async execute({ actor }: SealAuditTrailCommand): Promise<SealedTrail> {
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
    return { sealed, head: notedHeadOf(last) };
  }

  /** Sealing on from an end that somebody has cut would sign what is left as if it were all. */
  async #lastSeal(): Promise<AuditSeal | null> {
    const { auditChain, auditSeals } = this.#deps;
    // Taken before the end is read: another run may see a later one meanwhile.
    const seen = this.#seen;
    const { head, seal } = await auditSeals.readEnd();
    if (!head || !isHeadGenuine(auditChain.mac, head, seal)) throw new AuditChainBroken();
    if (seal && !isSealGenuine(auditChain.mac, seal)) throw new AuditChainBroken();
    if (seen && !(await this.#isStillThere(seen, seal))) throw new AuditChainBroken();
    this.#remember(seal);
    return seal;
  }

  /** Others may have sealed on from what was seen, but nobody may have taken it back. */
  async #isStillThere(seen: AuditSeal, last: AuditSeal | null): Promise<boolean> {
    if (!last || last.number < seen.number) return false;
    const { number } = seen;
    const [seal] =
      last.number === number ? [last] : await this.#deps.auditSeals.listSeals(number - 1, number, 1);
    return seal !== undefined && sameOctets(seal.mac, seen.mac);
  }

  #remember(seal: AuditSeal | null): void {
    if (seal && seal.number > (this.#seen?.number ?? 0)) this.#seen = seal;
  }

  /** @returns `null` where somebody else sealed meanwhile */
  async #seal(last: AuditSeal | null, found: SealableEntries): Promise<AuditSeal | null> {
    const { auditChain, auditSeals, clock } = this.#deps;
    const batch = sealEntries(auditChain.mac, last, found, clock.now());
    if (!(await auditSeals.append(batch))) return null;
    this.#remember(batch.seal);
    return batch.seal;
  }
}
