import { type AuditLink, type AuditSeal, batchMacOf, type ChainMac } from '../../domain/audit/audit-chain.ts';
import type { ChainFinding } from '../../domain/audit/chain-finding.ts';
import { checkLink } from '../../domain/audit/check-link.ts';
import { sameOctets } from '../../domain/shared/octets.ts';
import type { AuditSealStore } from '../ports/stores/audit-seal-store.ts';

/** What a check of the chain needs, and whom it tells. */
export interface ChainCheck {
  readonly mac: ChainMac;
  readonly auditSeals: AuditSealStore;
  readonly report: (finding: ChainFinding) => void;
  /** Told how many links or entries were looked at since the last time. */
  readonly onChecked: (count: number) => void;
}

/** How many links are read at a time, with their entries. */
const CHUNK = 1_000;

/**
 * Checks each link at positions from `first` to `last`, and the entries that they name, and that none is missing between two.
 *
 * @param visit told of each link, and whether it is as it was sealed
 * @returns the position of the last link that is there; the one before `first` where there is none
 */
async function visitLinks(
  { auditSeals, mac, onChecked, report }: ChainCheck,
  first: number,
  last: number,
  visit: (link: AuditLink, isGenuine: boolean) => void = () => undefined,
): Promise<number> {
  let reached = first - 1;
  while (reached < last) {
    const links = await auditSeals.listLinks(reached + 1, last, CHUNK);
    for (const { record, ...link } of links) {
      reportMissing(report, reached + 1, link.position - 1);
      reached = link.position;
      const findings = checkLink(mac, link, record);
      findings.forEach(report);
      visit(
        link,
        findings.every(({ kind }) => kind !== 'link-changed'),
      );
    }
    onChecked(links.length);
    if (links.length < CHUNK) break;
  }
  return reached;
}

function reportMissing(report: ChainCheck['report'], first: number, last: number): void {
  if (first <= last) report({ kind: 'links-removed', first, last });
}

/**
 * Checks the links at positions from `first` to `last`, and the entries that they name.
 *
 * @param seal the one that was made of exactly these; `null` where there is none to hold them against
 */
export async function checkLinks(
  check: ChainCheck,
  first: number,
  last: number,
  seal: AuditSeal | null,
): Promise<void> {
  const genuine: AuditLink[] = [];
  const reached = await visitLinks(check, first, last, (link, isGenuine) => {
    if (seal && isGenuine) genuine.push(link);
  });
  reportMissing(check.report, reached + 1, last);
  // What was changed or is missing is told already, and makes the batch another one. There are too many where one is there twice.
  if (!seal || genuine.length < seal.entries) return;
  if (!sameOctets(seal.batchMac, batchMacOf(check.mac, genuine))) {
    check.report({ kind: 'seal-replaced', number: seal.number });
  }
}

/**
 * Checks the links from a position on, for which there is no seal, to the last that is there.
 *
 * @returns its position
 */
export const checkRemainingLinks = (check: ChainCheck, first: number): Promise<number> =>
  visitLinks(check, first, Number.MAX_SAFE_INTEGER);
