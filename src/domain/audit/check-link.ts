import { type AuditLink, type ChainMac, isLinkGenuine, provesRecord } from './audit-chain.ts';
import type { ChainFinding } from './chain-finding.ts';

/**
 * What is wrong with a link and with the entry that it names.
 *
 * @param record the entry's, as it is now; `null` where there is no such entry
 */
export function checkLink(mac: ChainMac, link: AuditLink, record: string | null): readonly ChainFinding[] {
  const { entryId, position } = link;
  const finding = (kind: 'entry-changed' | 'entry-removed' | 'entry-unproven' | 'link-changed') =>
    [{ kind, entryId, position }] as const;
  if (!isLinkGenuine(mac, link)) {
    const isProven = record === null || provesRecord(mac, link, record);
    return [...finding('link-changed'), ...(isProven ? [] : finding('entry-unproven'))];
  }
  if (record === null) return finding('entry-removed');
  return provesRecord(mac, link, record) ? [] : finding('entry-changed');
}
