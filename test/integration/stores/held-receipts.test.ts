import { expect } from 'chai';
import type { CaseId } from '../../../src/domain/shared/ids.ts';
import type { QueuedCase } from '../../../src/domain/cases/case.ts';
import { adopt, voidCase } from '../../../src/domain/cases/workflow.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { casesOf, EVERY_CASE, newAct, newChange } from '../../contracts/stores/case-fixtures.ts';
import { at, newSubmission, NOW, plantDataKey, plantUser } from '../../contracts/stores/fixtures.ts';
import { eventually } from '../../support/eventually.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const WAITING = `SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'casegate' AND wait_event_type = 'Lock'`;

describe('Receipts that are spent beside a step of their case', () => {
  let world: PostgresStoreWorld;
  let patient: User;
  let keyId: string;
  /** The older one, which was stored last and whose receipt sorts last, and the newer one. */
  let older: QueuedCase;
  let newer: QueuedCase;
  let hashes: readonly Uint8Array[];

  before(async () => {
    world = await postgresStoreWorld();
  });
  beforeEach(async () => {
    patient = await plantUser(world);
    keyId = await plantDataKey(world, patient.tenantId);
    const [last, first] = [new Uint8Array(32).fill(0xff), new Uint8Array(32)];
    await world.sql('DELETE FROM case_receipts');
    [newer, older] = [await plant(first, at(1)), await plant(last, NOW)];
    hashes = [last, first];
  });
  after(() => world.close());

  async function plant(hash: Uint8Array, createdAt: Date): Promise<QueuedCase> {
    const given = { tenantId: patient.tenantId, patientId: null };
    const submission = newSubmission(keyId, given, createdAt, { hash, expiresAt: at(86_400) });
    await cases().add(submission);
    return submission.submitted;
  }

  const cases = () => casesOf(world, patient.tenantId);
  const isWaiting = async (): Promise<boolean> => (await world.sql(WAITING)).length > 0;
  const voiding = (found: QueuedCase) => newChange(voidCase(found, newAct()));

  it('keep the case as it is until it is adopted: a step that waited is overtaken', async () => {
    const steps: Promise<boolean>[] = [];
    await world.unitOfWork.run(patient.tenantId, async (stores) => {
      expect(await stores.cases.spendReceipts([hashes[0]!], at(2))).to.deep.equal([older.id]);
      steps.push(cases().save(voiding(older)));
      await eventually(isWaiting);
      const adoption = adopt(older, patient.id, newAct());
      expect(await stores.cases.save(newChange(adoption))).to.equal(true);
    });
    expect(await steps[0]).to.equal(false);
    expect(await cases().find(older.id, EVERY_CASE)).to.include({ state: 'queued', patientId: patient.id });
  });

  it('wait for a step that came first, and count as the case is then', async () => {
    const spent: Promise<readonly CaseId[]>[] = [];
    await world.unitOfWork.run(patient.tenantId, async (stores) => {
      expect(await stores.cases.save(voiding(older))).to.equal(true);
      spent.push(cases().spendReceipts(hashes, at(2)));
      await eventually(isWaiting);
    });
    expect(await spent[0]).to.deep.equal([newer.id]);
    const unspent = await world.sql('SELECT case_uuid FROM case_receipts WHERE spent_at IS NULL');
    expect(unspent).to.deep.equal([{ case_uuid: older.id }]);
  });

  it('are held oldest case first, as the cases of a physician who goes away are: neither locks the other out', async () => {
    const spent: Promise<readonly CaseId[]>[] = [];
    await world.unitOfWork.run(patient.tenantId, async (stores) => {
      expect(await stores.cases.save(voiding(older))).to.equal(true);
      spent.push(cases().spendReceipts(hashes, at(2)));
      await eventually(isWaiting);
      const free = await world.sql('SELECT uuid FROM cases WHERE uuid = $1 FOR UPDATE SKIP LOCKED', [
        newer.id,
      ]);
      expect(free).to.deep.equal([{ uuid: newer.id }]);
      expect(await stores.cases.save(voiding(newer))).to.equal(true);
    });
    expect(await spent[0]).to.deep.equal([]);
  });
});
