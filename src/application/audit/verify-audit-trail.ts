import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import { type AuditSeal, isHeadGenuine, isSealGenuine } from '../../domain/audit/audit-chain.ts';
import type { ChainFinding } from '../../domain/audit/chain-finding.ts';
import { type NotedHead, notedHeadOf } from '../../domain/audit/noted-head.ts';
import { sameOctets } from '../../domain/shared/octets.ts';
import type { AuditChain } from '../ports/security/audit-chain.ts';
import type { AuditSealStore, ChainEnd, WalkedEntries } from '../ports/stores/audit-seal-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import { type ChainCheck, checkRemainingLinks } from '../steps/check-links.ts';
import { checkSeals, reportMissingSeals, type SealWalk } from '../steps/check-seals.ts';

export interface VerifyAuditTrailCommand {
  readonly actor: Actor;
  /** The head that an earlier verification gave; `null` where nobody noted one. */
  readonly noted: NotedHead | null;
  /** Told of each wrong row, once, as soon as it is found. */
  readonly onFinding: (finding: ChainFinding) => void;
  /** Told now and then how much of the trail was looked at. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What the verification came to. */
export interface AuditVerdict {
  readonly entries: number;
  readonly seals: number;
  /** Entries that wait for their seal. */
  readonly unsealed: number;
  readonly findings: number;
  /** The last seal, to be noted where nobody reaches who reaches the database; `null` where nothing proves which one it is. */
  readonly head: NotedHead | null;
}

interface Dependencies {
  readonly auditChain: AuditChain;
  readonly auditSeals: AuditSealStore;
  readonly clock: Clock;
}

/** How many entries a step of the walk over all of them looks at. */
const STEP = 5_000;
/** How many links and seals beyond the head are told. */
const STRAYS = 100;
/** Milliseconds after which an entry is sealed wherever a service runs: it takes seconds. */
const SEALED_AFTER_MS = 600_000;
const ALL = Number.MAX_SAFE_INTEGER;

/**
 * Looks through the audit trails of all tenants for whatever was changed, removed, moved or slipped in since it was sealed. Reads in
 * short statements, beside whoever goes on writing and sealing: it judges what was sealed when it began.
 */
export class VerifyAuditTrail {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {Forbidden} for everybody but the installation itself */
  async execute(command: VerifyAuditTrailCommand): Promise<AuditVerdict> {
    authorize(command.actor, 'audit.verify');
    const { auditChain, auditSeals } = this.#deps;
    const end = await auditSeals.readEnd();
    const tally = tallyOf(command, end);
    const check: ChainCheck = { ...tally, mac: auditChain.mac, auditSeals };
    const isHeadRight = this.#checkHead(check, end);
    if (isHeadRight && !end.seal) await this.#checkNothing(check);
    const isEndRight = isHeadRight && (end.seal === null || isSealGenuine(check.mac, end.seal));

    const walk = await this.#checkSeals(check, command.noted, { ...end, isHeadRight });
    const lastPosition = isEndRight
      ? walk.lastPosition
      : await checkRemainingLinks(check, walk.lastPosition + 1);
    if (isEndRight) await this.#reportStrays(check);
    const walked = await this.#walkEntries(check, lastPosition, walk.lastGenuine);
    const head = isEndRight ? notedHeadOf(end.seal) : null;
    return { ...walked, seals: walk.seals, findings: tally.findings(), head };
  }

  /** @returns whether the head tells which seal is the last one */
  #checkHead({ mac, report }: ChainCheck, { head, seal }: ChainEnd): boolean {
    if (head && isHeadGenuine(mac, head, seal)) return true;
    if (!head) report({ kind: 'head-removed' });
    // Where its seal is missing or was changed, that is told, and nothing can be said of the head.
    else if (seal && isSealGenuine(mac, seal)) report({ kind: 'head-changed' });
    return false;
  }

  /** A chain that has not begun is signed by nobody: whether somebody set it back to that, only what waits for it can tell. */
  async #checkNothing({ auditSeals, report }: ChainCheck): Promise<void> {
    const before = new Date(this.#deps.clock.now().getTime() - SEALED_AFTER_MS);
    if (await auditSeals.hasEntryBefore(before)) report({ kind: 'chain-missing' });
  }

  async #checkSeals(
    check: ChainCheck,
    noted: NotedHead | null,
    { head, isHeadRight }: ChainEnd & { readonly isHeadRight: boolean },
  ): Promise<Readonly<SealWalk>> {
    const named = head?.number ?? 0;
    let isNotedThere = noted === null;
    const walk = await checkSeals(check, isHeadRight ? named : ALL, ({ mac, number }) => {
      isNotedThere ||= noted?.number === number && sameOctets(noted.mac, mac);
    });
    reportMissingSeals(check, walk.lastNumber + 1, named);
    if (noted && !isNotedThere) check.report({ kind: 'noted-head-missing', number: noted.number });
    return walk;
  }

  async #reportStrays({ auditSeals, report }: ChainCheck): Promise<void> {
    const { numbers, positions } = await auditSeals.listStrays(STRAYS);
    for (const number of numbers) report({ kind: 'seal-astray', number });
    for (const position of positions) report({ kind: 'link-astray', position });
  }

  async #walkEntries(
    { auditSeals, onChecked, report }: ChainCheck,
    lastPosition: number,
    last: AuditSeal | null,
  ): Promise<Pick<AuditVerdict, 'entries' | 'unsealed'>> {
    const horizon = last && (await auditSeals.isSettled(last.horizon)) ? last.horizon : null;
    let [entries, unsealed] = [0, 0];
    let after: string | null = null;
    do {
      const step: WalkedEntries = await auditSeals.walkEntries({ after, lastPosition, horizon, limit: STEP });
      entries += step.entries;
      unsealed += step.unlinked - step.astray.length;
      for (const entryId of step.astray) report({ kind: 'entry-astray', entryId });
      for (const entryId of step.doubled) report({ kind: 'entry-doubled', entryId });
      onChecked(step.entries);
      after = step.next;
    } while (after !== null);
    return { entries, unsealed };
  }
}

/** Counts what is found, and how far it has come: all links and then all entries, of which there are about as many. */
function tallyOf(
  { onFinding, onProgress = () => undefined }: VerifyAuditTrailCommand,
  { seal }: ChainEnd,
): Pick<ChainCheck, 'onChecked' | 'report'> & { readonly findings: () => number } {
  const expected = 2 * (seal?.lastPosition ?? 0);
  let [done, findings] = [0, 0];
  return {
    report: (finding) => {
      findings += 1;
      onFinding(finding);
    },
    onChecked: (count) => {
      done += count;
      onProgress(done, Math.max(done, expected));
    },
    findings: () => findings,
  };
}
