import { expect } from 'chai';
import { MemoryDatabase } from '../../../../src/adapters/memory/memory-database.ts';
import { AUDIT_HEAD_KEY } from '../../../../src/adapters/memory/memory-tables.ts';
import { MemoryAuditSealStore } from '../../../../src/adapters/memory/stores/audit-seal-store.ts';
import { SystemClock } from '../../../../src/adapters/system/system-clock.ts';
import { SealAuditTrail } from '../../../../src/application/audit/seal-audit-trail.ts';
import { AuditChainBroken } from '../../../../src/domain/audit/audit-chain-broken.ts';
import type { AuditHead, AuditSeal } from '../../../../src/domain/audit/audit-chain.ts';
import { DEFAULT_TENANT_ID } from '../../../../src/domain/shared/ids.ts';
import { refusalOf } from '../../../contracts/stores/expectations.ts';
import { newEntry } from '../../../contracts/stores/fixtures.ts';
import { auditSealing } from '../../../support/audit-chain-world.ts';
import { SYSTEM } from '../../../support/builders.ts';
import { memoryStoreWorld } from '../../../support/memory-store-world.ts';

/** A run, and what it came to. */
type Sealing = () => Promise<{ readonly sealed: number; readonly number: number | null }>;

describe('A process that seals the audit trail', () => {
  let database: MemoryDatabase;
  /** A new entry, and a run of this process; then of another one with the same key. */
  let here: Sealing;
  let elsewhere: Sealing;
  /** A run of this process without an entry. */
  let look: Sealing;

  beforeEach(() => {
    database = new MemoryDatabase();
    const { unitOfWork } = memoryStoreWorld(database);
    const auditSeals = new MemoryAuditSealStore(database);
    const { auditChain } = auditSealing(auditSeals);
    const start = () => new SealAuditTrail({ auditChain, auditSeals, clock: new SystemClock() });
    const run = async (process: SealAuditTrail) => {
      const { head, sealed } = await process.execute({ actor: SYSTEM });
      return { sealed, number: head?.number ?? null };
    };
    const growing = (process: SealAuditTrail) => async () => {
      await unitOfWork.stores(DEFAULT_TENANT_ID).audit.add(newEntry(DEFAULT_TENANT_ID));
      return run(process);
    };
    const first = start();
    here = growing(first);
    look = () => run(first);
    elsewhere = growing(start());
  });

  interface Chain {
    readonly head: AuditHead;
    readonly seals: readonly AuditSeal[];
  }

  const copy = (): Promise<Chain> =>
    database.read((tables) => ({
      head: tables.auditHead.get(AUDIT_HEAD_KEY)!,
      seals: [...tables.auditSeals.values()],
    }));

  /** Whoever does so has all rights on the database, and no key. */
  const bringBack = ({ head, seals }: Chain): Promise<void> =>
    database.write((tables) => {
      for (const { number } of [...tables.auditSeals.values()]) tables.auditSeals.delete(number);
      for (const { position } of [...tables.auditLinks.values()]) tables.auditLinks.delete(position);
      for (const seal of seals) tables.auditSeals.set(seal.number, seal);
      tables.auditHead.set(AUDIT_HEAD_KEY, head);
    });

  it('tells how far it is sealed, also where it has found nothing to seal', async () => {
    expect(await look()).to.deep.equal({ sealed: 0, number: null });
    expect(await here()).to.deep.equal({ sealed: 1, number: 1 });
    expect(await look()).to.deep.equal({ sealed: 0, number: 1 });
  });

  it('goes on from what others have sealed', async () => {
    await here();
    await elsewhere();
    await elsewhere();
    expect(await here()).to.deep.equal({ sealed: 1, number: 4 });
  });

  it('does not seal on where the chain begins anew', async () => {
    const nothing = await copy();
    await here();
    await bringBack(nothing);
    await refusalOf(AuditChainBroken, here());
    await refusalOf(AuditChainBroken, look());
  });

  it('does not seal on where an older copy is back, which it has only seen and not made', async () => {
    await elsewhere();
    const older = await copy();
    await elsewhere();
    await look();
    await bringBack(older);
    await refusalOf(AuditChainBroken, look());
  });

  it('does not seal on where only the head is that of an older copy', async () => {
    await here();
    const { head } = await copy();
    await here();
    await bringBack({ ...(await copy()), head });
    await refusalOf(AuditChainBroken, look());
  });

  it('does not seal on from another branch, of the same length or longer', async () => {
    const nothing = await copy();
    await here();
    await bringBack(nothing);
    await elsewhere();
    await refusalOf(AuditChainBroken, look());
    await elsewhere();
    await refusalOf(AuditChainBroken, look());
  });

  it('seals on as soon as what it has seen is there again', async () => {
    const nothing = await copy();
    await here();
    const right = await copy();
    await bringBack(nothing);
    await refusalOf(AuditChainBroken, look());
    await bringBack(right);
    expect(await here()).to.include({ number: 2 });
  });
});
