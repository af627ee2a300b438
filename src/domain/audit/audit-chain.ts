import { hexOf, sameOctets } from '../shared/octets.ts';

/** What a keyed hash of the chain is over; each has a key of its own, so that none can stand for another. */
export type ChainPart =
  /** An entry as the database holds it. */
  | 'record'
  /** An entry at its place in the chain. */
  | 'link'
  /** All links of a seal, in their order. */
  | 'batch'
  /** A seal, and by it all seals before. */
  | 'seal'
  /** That a seal is the last one. */
  | 'head';

/** Makes a keyed hash of 32 octets. */
export type ChainMac = (part: ChainPart, content: string) => Uint8Array;

/** An entry of the audit trail, and all that the database holds of it, in one canonical text. */
export interface RecordedEntry {
  readonly id: string;
  readonly record: string;
}

/** The place of one sealed entry, provable on its own: what became of its neighbours says nothing about it. */
export interface AuditLink {
  /** 1 for the first; without gaps. */
  readonly position: number;
  readonly entryId: string;
  /** Over the entry's record. */
  readonly recordMac: Uint8Array;
  /** Over the three above. */
  readonly mac: Uint8Array;
}

/** A batch of links, sealed together. */
export interface AuditSeal {
  /** 1 for the first; without gaps. */
  readonly number: number;
  /** `mac` of the seal before; no octets for the first. */
  readonly previousMac: Uint8Array;
  /** Position of its last link; of the last one before it, where it has none. */
  readonly lastPosition: number;
  readonly entries: number;
  /** Every entry of a transaction before this one is sealed; in the store's own notation. */
  readonly horizon: string;
  /** Over the macs of its links. */
  readonly batchMac: Uint8Array;
  readonly sealedAt: Date;
  /** Over all of the above. */
  readonly mac: Uint8Array;
}

/** Which seal is the last one: what shows that seals were taken away from the end. */
export interface AuditHead {
  /** 0 where nothing was sealed yet. */
  readonly number: number;
  /** Over the number and the mac of that seal; `null` where nothing was sealed yet. */
  readonly mac: Uint8Array | null;
}

/** What one sealing adds: kept together or not at all. */
export interface SealedBatch {
  readonly links: readonly AuditLink[];
  readonly seal: AuditSeal;
  readonly head: AuditHead;
}

/** First element of whatever is hashed; another layout gets another one. */
const VERSION = 1;
const NOTHING = new Uint8Array();

const linkContent = ({ entryId, position, recordMac }: Omit<AuditLink, 'mac'>): string =>
  JSON.stringify([VERSION, position, entryId, hexOf(recordMac)]);

const sealContent = (seal: Omit<AuditSeal, 'mac'>): string =>
  JSON.stringify([
    VERSION,
    seal.number,
    hexOf(seal.previousMac),
    seal.lastPosition,
    seal.entries,
    seal.horizon,
    hexOf(seal.batchMac),
    seal.sealedAt.getTime(),
  ]);

const headMac = (mac: ChainMac, number: number, sealMac: Uint8Array): Uint8Array =>
  mac('head', JSON.stringify([VERSION, number, hexOf(sealMac)]));

/** The keyed hash over the links of a batch, by their macs. */
export const batchMacOf = (mac: ChainMac, links: readonly Pick<AuditLink, 'mac'>[]): Uint8Array =>
  mac('batch', JSON.stringify([VERSION, ...links.map((link) => hexOf(link.mac))]));

/** The keyed hash over an entry's record. */
export const recordMacOf = (mac: ChainMac, record: string): Uint8Array => mac('record', record);

/**
 * Seals entries in the order in which they are given.
 *
 * @param last the seal to go on from; `null` for the first
 * @param horizon what the seal says of every earlier transaction
 */
export function sealEntries(
  mac: ChainMac,
  last: AuditSeal | null,
  { entries, horizon }: { readonly entries: readonly RecordedEntry[]; readonly horizon: string },
  now: Date,
): SealedBatch {
  const before = last?.lastPosition ?? 0;
  const links = entries.map(({ id, record }, index) => {
    const link = { position: before + index + 1, entryId: id, recordMac: recordMacOf(mac, record) };
    return { ...link, mac: mac('link', linkContent(link)) };
  });
  const unsigned = {
    number: (last?.number ?? 0) + 1,
    previousMac: last?.mac ?? NOTHING,
    lastPosition: before + links.length,
    entries: links.length,
    horizon,
    batchMac: batchMacOf(mac, links),
    sealedAt: now,
  };
  const seal = { ...unsigned, mac: mac('seal', sealContent(unsigned)) };
  return { links, seal, head: { number: seal.number, mac: headMac(mac, seal.number, seal.mac) } };
}

/** Whether nothing of the link was changed since it was sealed. */
export const isLinkGenuine = (mac: ChainMac, link: AuditLink): boolean =>
  sameOctets(link.mac, mac('link', linkContent(link)));

/** Whether nothing of the seal was changed since it was made. */
export const isSealGenuine = (mac: ChainMac, seal: AuditSeal): boolean =>
  sameOctets(seal.mac, mac('seal', sealContent(seal)));

/**
 * Whether the head is the one that was made for the seal. A seal of which only the mac was changed does not speak against it.
 *
 * @param seal the one of the head's number; `null` where there is none, which is right before the first only
 */
export function isHeadGenuine(mac: ChainMac, head: AuditHead, seal: AuditSeal | null): boolean {
  if (head.mac === null || seal === null) return head.mac === null && head.number === 0 && seal === null;
  const made = [seal.mac, mac('seal', sealContent(seal))];
  const stored = head.mac;
  return made.some((sealMac) => sameOctets(stored, headMac(mac, head.number, sealMac)));
}

/**
 * Whether the record is the one that was sealed, as far as the link tells even where the link itself was changed: one of its two macs
 * is enough.
 */
export function provesRecord(mac: ChainMac, link: AuditLink, record: string): boolean {
  const recordMac = recordMacOf(mac, record);
  return (
    sameOctets(link.recordMac, recordMac) ||
    sameOctets(link.mac, mac('link', linkContent({ ...link, recordMac })))
  );
}
