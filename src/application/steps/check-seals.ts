import { type AuditSeal, isSealGenuine } from '../../domain/audit/audit-chain.ts';
import { sameOctets } from '../../domain/shared/octets.ts';
import { type ChainCheck, checkLinks } from './check-links.ts';

/** Where a walk over seals stands. */
export interface SealWalk {
  /** How many seals there were. */
  seals: number;
  /** The position up to which links were checked. */
  lastPosition: number;
  /** The last seal of which nothing was changed; `null` where there is none. */
  lastGenuine: AuditSeal | null;
  /** Of the last seal, genuine or not. */
  lastNumber: number;
}

/** How many seals are read at a time. */
const CHUNK = 200;

/**
 * Checks the seals up to a number, each on its own and whether it follows the one before, and the links of each.
 *
 * @param onGenuine told of each seal of which nothing was changed
 */
export async function checkSeals(
  check: ChainCheck,
  upTo: number,
  onGenuine: (seal: AuditSeal) => void,
): Promise<Readonly<SealWalk>> {
  const walk: SealWalk = { seals: 0, lastPosition: 0, lastGenuine: null, lastNumber: 0 };
  let read: number;
  do {
    const seals = await check.auditSeals.listSeals(walk.lastNumber, upTo, CHUNK);
    read = seals.length;
    for (const seal of seals) {
      if (await checkSeal(check, walk, seal)) onGenuine(seal);
    }
  } while (read === CHUNK);
  return walk;
}

/** @returns whether nothing of it was changed */
async function checkSeal(check: ChainCheck, walk: SealWalk, seal: AuditSeal): Promise<boolean> {
  reportMissingSeals(check, walk.lastNumber + 1, seal.number - 1);
  walk.seals += 1;
  walk.lastNumber = seal.number;
  if (!isSealGenuine(check.mac, seal)) {
    check.report({ kind: 'seal-changed', number: seal.number });
    return false;
  }
  const isRightHere = follows(walk, seal);
  if (!isRightHere) check.report({ kind: 'seal-replaced', number: seal.number });
  const first = seal.lastPosition - seal.entries + 1;
  const reached = walk.lastPosition;
  // Links before those of the seal belong to seals that are missing, or were changed.
  if (reached + 1 < first) await checkLinks(check, reached + 1, first - 1, null);
  await checkLinks(check, Math.max(reached + 1, first), seal.lastPosition, isRightHere ? seal : null);
  walk.lastPosition = Math.max(reached, seal.lastPosition);
  walk.lastGenuine = seal;
  return true;
}

/** Whether the seal can stand where it is: after the one before, where that is there and genuine, and after its links in any case. */
function follows({ lastGenuine, lastPosition }: SealWalk, seal: AuditSeal): boolean {
  const isNext = lastGenuine?.number === seal.number - 1;
  if (isNext && !sameOctets(seal.previousMac, lastGenuine.mac)) return false;
  return lastPosition <= seal.lastPosition - seal.entries;
}

/** Tells of seals that should be there; of none where `last` is before `first`. */
export function reportMissingSeals({ report }: ChainCheck, first: number, last: number): void {
  if (first <= last) report({ kind: 'seals-removed', first, last });
}
