import { expect } from 'chai';
import { adopt, voidCase } from '../../../src/domain/cases/workflow.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { casesOf, EVERY_CASE, newAct, newChange, plantPatient, plantStep } from './case-fixtures.ts';
import { atOnce, undo } from './expectations.ts';
import { at, newHash, newSubmission, NOW, plantDataKey, plantTenant } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore'>;

/** Stores an anonymous case of the tenant with a receipt that counts for a day. */
async function plantReceipt(world: World, tenantId: string, keyId: string) {
  const hash = newHash();
  const receipt = { hash, expiresAt: at(86_400) };
  const submission = newSubmission(keyId, { tenantId, patientId: null }, NOW, receipt);
  await casesOf(world, tenantId).add(submission);
  return { hash, submitted: submission.submitted };
}

/** What every `CaseStore` makes of the receipts of anonymous cases. */
export function caseReceiptsContract(open: OpenWorld<keyof World>): void {
  describe('receipts', () => {
    findingContract(open);
    spendingContract(open);
  });
}

function findingContract(open: OpenWorld<keyof World>): void {
  it('finds the case of a receipt as it is now, until its time is over', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const { hash, submitted } = await plantReceipt(world, tenantId, keyId);
    await plantReceipt(world, tenantId, keyId);
    const cases = casesOf(world, tenantId);
    expect(await cases.findByReceipt(hash, at(86_399.999))).to.deep.equal(submitted);
    const after = await plantStep(world, adopt(submitted, patient.id, newAct()));
    expect(await cases.findByReceipt(hash, NOW)).to.deep.equal(after);
    expect(await cases.findByReceipt(hash, at(86_400))).to.equal(null);
    expect(await cases.findByReceipt(newHash(), NOW)).to.equal(null);
  });

  it('finds no case of a receipt that was spent, nor one that was voided, nor for another tenant', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const keyId = await plantDataKey(world, tenantId);
    const other = await plantTenant(world);
    const [spent, hidden, kept] = [
      await plantReceipt(world, tenantId, keyId),
      await plantReceipt(world, tenantId, keyId),
      await plantReceipt(world, tenantId, keyId),
    ];
    const cases = casesOf(world, tenantId);
    await plantStep(world, voidCase(hidden.submitted, newAct()));
    const ids = await cases.spendReceipts([spent.hash, hidden.hash], NOW);
    expect(ids).to.deep.equal([spent.submitted.id]);
    expect(await cases.findByReceipt(spent.hash, NOW)).to.equal(null);
    expect(await cases.findByReceipt(hidden.hash, NOW)).to.equal(null);
    expect(await casesOf(world, other.id).findByReceipt(kept.hash, NOW)).to.equal(null);
    expect(await cases.findByReceipt(kept.hash, NOW)).to.deep.equal(kept.submitted);
  });
}

function spendingContract(open: OpenWorld<keyof World>): void {
  it('spends those that count, once, and tells whose they were', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const keyId = await plantDataKey(world, tenantId);
    const cases = casesOf(world, tenantId);
    const [one, two] = [
      await plantReceipt(world, tenantId, keyId),
      await plantReceipt(world, tenantId, keyId),
    ];
    const hashes = [one.hash, newHash(), two.hash, one.hash];
    expect(await cases.spendReceipts(hashes, at(86_400))).to.deep.equal([]);
    const ids = await cases.spendReceipts(hashes, at(86_399));
    expect(ids).to.have.members([one.submitted.id, two.submitted.id]);
    expect(ids).to.have.length(2);
    expect(await cases.spendReceipts(hashes, NOW)).to.deep.equal([]);
    expect(await cases.spendReceipts([], NOW)).to.deep.equal([]);
  });

  it('spends none of another tenant', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const { hash, submitted } = await plantReceipt(world, tenantId, await plantDataKey(world, tenantId));
    const other = await plantTenant(world);
    expect(await casesOf(world, other.id).spendReceipts([hash], NOW)).to.deep.equal([]);
    expect(await casesOf(world, tenantId).spendReceipts([hash], NOW)).to.deep.equal([submitted.id]);
  });

  it('spends each once, however many try at once and in whatever order', async () => {
    await checkParallelReceipts(await open());
  });

  it('holds their cases until the unit of work ends: steps beside it come before or after it', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const planted = await Promise.all(Array.from({ length: 10 }, () => plantReceipt(world, tenantId, keyId)));
    await atOnce(planted.length, async (index) => {
      const { hash, submitted } = planted[index]!;
      const [isAdopted, isVoided] = await Promise.all([
        adoptByReceipt(world, patient, hash),
        casesOf(world, tenantId).save(newChange(voidCase(submitted, newAct()))),
      ]);
      expect([isAdopted, isVoided]).to.have.members([true, false]);
      const kept = await casesOf(world, tenantId).find(submitted.id, EVERY_CASE);
      expect(kept).to.include({ version: 2, patientId: isAdopted ? patient.id : null });
    });
  });

  it('spends none in a unit of work that failed', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const { hash, submitted } = await plantReceipt(world, tenantId, keyId);
    await undo(world, tenantId, async ({ cases }) => {
      expect(await cases.spendReceipts([hash], NOW)).to.deep.equal([submitted.id]);
      expect(await cases.save(newChange(adopt(submitted, patient.id, newAct())))).to.equal(true);
    });
    expect(await casesOf(world, tenantId).findByReceipt(hash, NOW)).to.deep.equal(submitted);
  });
}

/** Spends the receipt and gives its case to the patient, in one unit of work; `false` where it does not count. */
const adoptByReceipt = ({ unitOfWork }: World, { id, tenantId }: User, hash: Uint8Array): Promise<boolean> =>
  unitOfWork.run(tenantId, async ({ cases }) => {
    const [caseId] = await cases.spendReceipts([hash], NOW);
    const found = caseId === undefined ? null : await cases.find(caseId, EVERY_CASE);
    if (!found) return false;
    expect(await cases.save(newChange(adopt(found, id, newAct())))).to.equal(true);
    return true;
  });

/** Spends the same receipts many times at once, in both orders: each is spent once. */
export async function checkParallelReceipts(world: World): Promise<void> {
  const { id: tenantId } = await plantTenant(world);
  const keyId = await plantDataKey(world, tenantId);
  const planted = await Promise.all(Array.from({ length: 5 }, () => plantReceipt(world, tenantId, keyId)));
  const hashes = planted.map(({ hash }) => hash);
  const spent = await atOnce(20, (index) =>
    casesOf(world, tenantId).spendReceipts(index % 2 === 0 ? hashes : hashes.toReversed(), NOW),
  );
  const ids = spent.flat();
  expect([...ids].sort()).to.deep.equal(planted.map(({ submitted }) => submitted.id).sort());
}
