import { expect } from 'chai';
import { take } from '../../../src/domain/cases/transition.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { EVERY_CASE, newAct, plantPatient, plantStep } from '../../contracts/stores/case-fixtures.ts';
import { NOW } from '../../contracts/stores/fixtures.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

/** As the version before wrote them: without clocks, and without the role of whoever submitted. */
const CASE = `INSERT INTO cases (uuid, tenant_uuid, state, version, language, priority, patient_uuid, due_at, created_at, updated_at)
  VALUES (gen_random_uuid(), $1, 'queued', 1, 'en', 'urgent', $2, $3::timestamptz + interval '24 hours', $3, $3) RETURNING uuid`;
const EVENT = `INSERT INTO case_events (uuid, tenant_uuid, case_uuid, type, to_state, version, actor_uuid, at)
  VALUES (gen_random_uuid(), $1, $2, 'submitted', 'queued', 1, $3, $4)`;

describe('A case that the version before wrote', () => {
  let world: PostgresStoreWorld;
  let patient: User;

  before(async () => {
    world = await postgresStoreWorld();
    ({ patient } = await plantPatient(world));
  });
  after(() => world.close());

  const cases = () => world.unitOfWork.stores(patient.tenantId).cases;

  async function plantFormer(patientId: string | null): Promise<string> {
    const { tenantId } = patient;
    const [row] = (await world.sql(CASE, [tenantId, patientId, NOW])) as readonly { uuid: string }[];
    await world.sql(EVENT, [tenantId, row!.uuid, patientId, NOW]);
    return row!.uuid;
  }

  it('has all of its time until it is due, and is looked at by the timers at once', async () => {
    const id = await plantFormer(patient.id);
    const found = await cases().find(id, EVERY_CASE);
    expect(found?.clock).to.deep.include({ dueSeconds: 86_400, escalations: 0, awaySince: null });
    const due = await world.caseTimers.listDue(new Date(), 10);
    expect(due).to.deep.include({ caseId: id, tenantId: patient.tenantId, version: 1 });
  });

  it('was submitted by its patient, or by nobody known', async () => {
    for (const [patientId, actorRole] of [
      [patient.id, 'patient'],
      [null, 'anonymous'],
    ] as const) {
      const id = await plantFormer(patientId);
      const { items } = await cases().listEvents(id, { limit: 10, after: null });
      expect(items).to.have.length(1);
      expect(items[0]).to.include({ actorId: patientId, actorRole });
    }
  });

  it('is saved with its clocks', async () => {
    const id = await plantFormer(patient.id);
    const found = (await cases().find(id, EVERY_CASE))!;
    const after = await plantStep(
      world,
      take(found, { type: 'escalated', to: 'queued', clock: { escalations: 1 } }, newAct()),
    );
    expect(await cases().find(id, EVERY_CASE)).to.deep.equal(after);
    const [row] = await world.sql('SELECT due_seconds FROM cases WHERE uuid = $1', [id]);
    expect(row).to.deep.equal({ due_seconds: 86_400 });
  });
});
