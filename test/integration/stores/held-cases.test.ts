import { expect } from 'chai';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.ts';
import { relievePhysician } from '../../../src/application/steps/relieve-physician.ts';
import type { Case } from '../../../src/domain/cases/case.ts';
import { assign, start } from '../../../src/domain/cases/workflow.ts';
import type { Physician } from '../../../src/domain/identity/physician.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import type { CaseId } from '../../../src/domain/shared/ids.ts';
import {
  casesOf,
  EVERY_CASE,
  free,
  newAct,
  newChange,
  plantStep,
} from '../../contracts/stores/case-fixtures.ts';
import {
  at,
  newSubmission,
  NOW,
  plantDataKey,
  plantPhysician,
  plantUser,
} from '../../contracts/stores/fixtures.ts';
import { eventually } from '../../support/eventually.ts';
import { systemOf } from '../../support/builders.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const WAITING = `SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'casegate' AND wait_event_type = 'Lock'`;

describe('The open cases of a physician who goes away', () => {
  let world: PostgresStoreWorld;
  let patient: User;
  let keyId: string;
  let physician: Physician;
  /** The one that was submitted later was stored first, and its receipt comes first. */
  let older: Case;
  let newer: Case;
  let hashes: readonly Uint8Array[];

  before(async () => {
    world = await postgresStoreWorld();
  });
  beforeEach(async () => {
    patient = await plantUser(world);
    keyId = await plantDataKey(world, patient.tenantId);
    physician = await plantPhysician(world, patient.tenantId);
    await world.sql('DELETE FROM case_receipts');
    hashes = [new Uint8Array(32), new Uint8Array(32).fill(0xff)];
    newer = await plant(hashes[0]!, at(1));
    older = await plant(hashes[1]!, NOW);
  });
  after(() => world.close());

  async function plant(hash: Uint8Array, createdAt: Date): Promise<Case> {
    const given = { tenantId: patient.tenantId, patientId: null };
    const submission = newSubmission(keyId, given, createdAt, { hash, expiresAt: at(86_400) });
    await cases().add(submission);
    return plantStep(world, assign(submission.submitted, free(physician), newAct()));
  }

  const cases = () => casesOf(world, patient.tenantId);
  const statesNow = () =>
    Promise.all([older, newer].map(async ({ id }) => (await cases().find(id, EVERY_CASE))?.state));
  const isWaiting = async (): Promise<boolean> => (await world.sql(WAITING)).length > 0;
  const starting = () => newChange(start(older, newAct()));
  const relieve = () =>
    world.unitOfWork.run(patient.tenantId, (stores, elsewhere) =>
      relievePhysician(
        { idGenerator: new UuidV7Generator() },
        { stores, elsewhere },
        systemOf(patient.tenantId),
        physician.id,
        at(90),
      ),
    );

  /** Nobody holds the newer one. */
  async function expectNewerFree(): Promise<void> {
    const free = await world.sql('SELECT uuid FROM cases WHERE uuid = $1 FOR UPDATE SKIP LOCKED', [newer.id]);
    expect(free).to.deep.equal([{ uuid: newer.id }]);
  }

  it('are taken off him as a step has left them that came first', async () => {
    const relieved: Promise<void>[] = [];
    await world.unitOfWork.run(patient.tenantId, async (stores) => {
      expect(await stores.cases.save(starting())).to.equal(true);
      relieved.push(relieve());
      await eventually(isWaiting);
    });
    await relieved[0];
    expect(await statesNow()).to.deep.equal(['in_review', 'queued']);
    expect(await cases().find(older.id, EVERY_CASE))
      .to.have.nested.property('clock.awaySince')
      .that.is.a('date');
  });

  it('overtake a step that comes while they are held', async () => {
    const steps: Promise<boolean>[] = [];
    await world.unitOfWork.run(patient.tenantId, async (stores, elsewhere) => {
      const held = await stores.cases.lockOpenOf(physician.id);
      expect(held.map(({ id }) => id)).to.deep.equal([older.id, newer.id]);
      steps.push(cases().save(starting()));
      await eventually(isWaiting);
      const making = { idGenerator: new UuidV7Generator() };
      const actor = systemOf(patient.tenantId);
      await relievePhysician(making, { stores, elsewhere }, actor, physician.id, at(90));
    });
    expect(await steps[0]).to.equal(false);
    expect(await statesNow()).to.deep.equal(['queued', 'queued']);
  });

  it('are held oldest first, so that whoever spends their receipts has no later one meanwhile', async () => {
    const relieved: Promise<void>[] = [];
    await world.unitOfWork.run(patient.tenantId, async (stores) => {
      expect(await stores.cases.save(starting())).to.equal(true);
      relieved.push(relieve());
      await eventually(isWaiting);
      await expectNewerFree();
      const spent = await stores.cases.spendReceipts(hashes, at(2));
      expect(spent).to.have.members([older.id, newer.id]);
    });
    await relieved[0];
    expect(await statesNow()).to.deep.equal(['in_review', 'queued']);
  });

  it('are not locked out by receipts that are being spent, which wait at the oldest one', async () => {
    const spent: Promise<readonly CaseId[]>[] = [];
    await world.unitOfWork.run(patient.tenantId, async (stores) => {
      expect(await stores.cases.save(starting())).to.equal(true);
      spent.push(cases().spendReceipts(hashes, at(2)));
      await eventually(isWaiting);
      await expectNewerFree();
      expect(await stores.cases.lockOpenOf(physician.id)).to.have.length(2);
    });
    expect(await spent[0]).to.have.members([older.id, newer.id]);
  });
});
