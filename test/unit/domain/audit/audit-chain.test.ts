import { createHmac, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import {
  type AuditSeal,
  batchMacOf,
  type ChainMac,
  isHeadGenuine,
  isLinkGenuine,
  isSealGenuine,
  provesRecord,
  type SealedBatch,
  sealEntries,
} from '../../../../src/domain/audit/audit-chain.ts';
import { checkLink } from '../../../../src/domain/audit/check-link.ts';
import { anId, NOW } from '../../../support/builders.ts';

const keyed =
  (key: Uint8Array): ChainMac =>
  (part, content) =>
    new Uint8Array(createHmac('sha256', key).update(`${part}\n${content}`).digest());

const mac = keyed(randomBytes(32));
const entries = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: anId(), record: `record ${String(index)}` }));
const seal = (last: AuditSeal | null, count: number): SealedBatch =>
  sealEntries(mac, last, { entries: entries(count), horizon: '7' }, NOW);
const OTHER = new Uint8Array(32);

describe('A chain of seals', () => {
  it('begins at 1, and goes on without gaps', () => {
    const first = seal(null, 2);
    const second = seal(first.seal, 3);
    expect(first.links.map(({ position }) => position)).to.deep.equal([1, 2]);
    expect(second.links.map(({ position }) => position)).to.deep.equal([3, 4, 5]);
    expect(first.seal).to.include({ number: 1, lastPosition: 2, entries: 2, horizon: '7', sealedAt: NOW });
    expect(first.seal.previousMac).to.deep.equal(new Uint8Array());
    expect(second.seal).to.include({ number: 2, lastPosition: 5, entries: 3 });
    expect(second.seal.previousMac).to.equal(first.seal.mac);
    expect(second.seal.batchMac).to.deep.equal(batchMacOf(mac, second.links));
    expect(second.head.number).to.equal(2);
  });

  it('may have a seal without links', () => {
    const first = seal(null, 2);
    const second = seal(first.seal, 0);
    expect(second.seal).to.include({ number: 2, lastPosition: 2, entries: 0 });
    expect(isSealGenuine(mac, second.seal)).to.equal(true);
  });

  it('is genuine under the key that it was made with, and under no other', () => {
    const { head, links, seal: made } = seal(null, 1);
    const other = keyed(randomBytes(32));
    expect(isSealGenuine(mac, made)).to.equal(true);
    expect(isSealGenuine(other, made)).to.equal(false);
    expect(isLinkGenuine(mac, links[0]!)).to.equal(true);
    expect(isLinkGenuine(other, links[0]!)).to.equal(false);
    expect(isHeadGenuine(mac, head, made)).to.equal(true);
    expect(isHeadGenuine(other, head, made)).to.equal(false);
  });

  const changes: Readonly<Record<keyof AuditSeal, Partial<AuditSeal>>> = {
    number: { number: 3 },
    previousMac: { previousMac: OTHER },
    lastPosition: { lastPosition: 9 },
    entries: { entries: 1 },
    horizon: { horizon: '8' },
    batchMac: { batchMac: OTHER },
    sealedAt: { sealedAt: new Date(NOW.getTime() + 1) },
    mac: { mac: OTHER },
  };
  for (const [field, change] of Object.entries(changes)) {
    it(`tells a seal of which ${field} was changed`, () => {
      const made = seal(seal(null, 1).seal, 2).seal;
      expect(isSealGenuine(mac, { ...made, ...change })).to.equal(false);
    });
  }

  it('tells a seal whose time is none any more', () => {
    const made = seal(null, 1).seal;
    expect(isSealGenuine(mac, { ...made, sealedAt: new Date(Number.NaN) })).to.equal(false);
  });
});

describe('The head of a chain', () => {
  const first = seal(null, 1);
  const second = seal(first.seal, 1);

  it('names nothing where nothing was sealed', () => {
    expect(isHeadGenuine(mac, { number: 0, mac: null }, null)).to.equal(true);
    expect(isHeadGenuine(mac, { number: 1, mac: null }, null)).to.equal(false);
    expect(isHeadGenuine(mac, { number: 1, mac: null }, first.seal)).to.equal(false);
  });

  it('is of the last seal, and cannot be made of an earlier one', () => {
    expect(isHeadGenuine(mac, second.head, second.seal)).to.equal(true);
    expect(isHeadGenuine(mac, second.head, null)).to.equal(false);
    expect(isHeadGenuine(mac, { ...second.head, number: 1 }, first.seal)).to.equal(false);
    expect(isHeadGenuine(mac, { number: 1, mac: first.seal.mac }, first.seal)).to.equal(false);
  });

  it('is not doubted where only its seal was changed', () => {
    expect(isHeadGenuine(mac, second.head, { ...second.seal, mac: OTHER })).to.equal(true);
    expect(isHeadGenuine(mac, second.head, { ...second.seal, horizon: '9' })).to.equal(true);
  });
});

describe('A link', () => {
  const [link, next] = sealEntries(mac, null, { entries: entries(2), horizon: '7' }, NOW).links;
  const { entryId, position } = link!;
  const finding = (kind: string) => ({ kind, entryId, position });

  it('finds nothing wrong with the entry that was sealed', () => {
    expect(checkLink(mac, link!, 'record 0')).to.deep.equal([]);
  });

  it('tells an entry that was changed, and one that was removed', () => {
    expect(checkLink(mac, link!, 'record 0 ')).to.deep.equal([finding('entry-changed')]);
    expect(checkLink(mac, link!, null)).to.deep.equal([finding('entry-removed')]);
  });

  it('is told where it was changed or moved, and still proves its entry by the other mac', () => {
    for (const change of [{ mac: OTHER }, { recordMac: OTHER }, { mac: next!.mac }]) {
      const changed = { ...link!, ...change };
      expect(checkLink(mac, changed, 'record 0')).to.deep.equal([finding('link-changed')]);
      expect(provesRecord(mac, changed, 'record 0')).to.equal(true);
    }
    expect(checkLink(mac, { ...link!, position: 9 }, 'record 0')).to.deep.equal([
      { kind: 'link-changed', entryId, position: 9 },
    ]);
  });

  it('says so where it proves nothing any more', () => {
    expect(checkLink(mac, { ...link!, mac: OTHER }, 'another')).to.deep.equal([
      finding('link-changed'),
      finding('entry-unproven'),
    ]);
    expect(checkLink(mac, { ...link!, mac: OTHER, recordMac: OTHER }, 'record 0')).to.deep.equal([
      finding('link-changed'),
      finding('entry-unproven'),
    ]);
    expect(checkLink(mac, { ...link!, mac: OTHER }, null)).to.deep.equal([finding('link-changed')]);
  });
});
