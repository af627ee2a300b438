import { expect } from 'chai';
import { assign, voidCase } from '../../../src/domain/cases/workflow.ts';
import type { CaseScope } from '../../../src/domain/cases/visibility.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import {
  casesOf,
  EVERY_CASE,
  free,
  newAct,
  NO_FILTER,
  plantAssignee,
  plantCase,
  plantPatient,
  plantStep,
} from './case-fixtures.ts';
import { newId, plantPhysician, plantTenant, plantUser } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore'>;

const REACH: CaseScope = { kind: 'reach' };
const ofPatient = (patientId: string): CaseScope => ({ kind: 'patient', patientId });
const ofPhysician = (userId: string): CaseScope => ({ kind: 'physician', userId });

/** Whether a case is seen in a scope; expects that it is listed exactly where it is found. */
async function seen(world: World, tenantId: string, scope: CaseScope, id: string): Promise<boolean> {
  const cases = casesOf(world, tenantId);
  const found = await cases.find(id, scope);
  if (scope.kind === 'reach') return found !== null;
  const { items } = await cases.list(scope, NO_FILTER, { limit: 100, after: null });
  expect(
    items.some((item) => item.id === id),
    'listed as found',
  ).to.equal(found !== null);
  return found !== null;
}

/** Who sees which cases, in every `CaseStore`. */
export function caseScopesContract(open: OpenWorld<keyof World>): void {
  describe('scopes', () => {
    ownScopesContract(open);
    practiceContract(open);
  });
}

function ownScopesContract(open: OpenWorld<keyof World>): void {
  it('shows a case to its patient and to the tenant, and to no other patient', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const { id } = await plantCase(world, keyId, patient);
    const other = await plantUser(world, { tenantId });
    expect(await seen(world, tenantId, ofPatient(patient.id), id)).to.equal(true);
    expect(await seen(world, tenantId, ofPatient(other.id), id)).to.equal(false);
    expect(await seen(world, tenantId, EVERY_CASE, id)).to.equal(true);
    expect(await seen(world, tenantId, REACH, id)).to.equal(true);
  });

  it('shows a case to the physician that it is assigned to, by the user behind him', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const queued = await plantCase(world, keyId, patient);
    const colleague = await plantPhysician(world, tenantId);
    expect(await seen(world, tenantId, ofPhysician(colleague.userId), queued.id)).to.equal(false);
    const { held, physician } = await plantAssignee(world, queued);
    expect(await seen(world, tenantId, ofPhysician(physician.userId), queued.id)).to.equal(true);
    expect(await seen(world, tenantId, ofPhysician(colleague.userId), queued.id)).to.equal(false);
    expect(await seen(world, tenantId, ofPhysician(patient.id), queued.id)).to.equal(false);
    expect(await casesOf(world, tenantId).find(queued.id, EVERY_CASE)).to.deep.equal(held);
  });

  it('shows an anonymous case to the tenant and its physicians only', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const { id } = await plantCase(world, keyId, { id: null, tenantId });
    expect(await seen(world, tenantId, ofPatient(patient.id), id)).to.equal(false);
    expect(await seen(world, tenantId, EVERY_CASE, id)).to.equal(true);
    expect(await seen(world, tenantId, REACH, id)).to.equal(true);
  });

  it('shows a case that was voided to the tenant only', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const { id } = await plantStep(world, voidCase(await plantCase(world, keyId, patient), newAct()));
    expect(await seen(world, tenantId, EVERY_CASE, id)).to.equal(true);
    expect(await seen(world, tenantId, ofPatient(patient.id), id)).to.equal(false);
    expect(await seen(world, tenantId, REACH, id)).to.equal(false);
    expect(await casesOf(world, DEFAULT_TENANT_ID).find(id, REACH)).to.equal(null);
  });

  it('shows nobody the cases of another tenant, whatever the scope', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { held, physician } = await plantAssignee(world, await plantCase(world, keyId, patient));
    const other = await plantTenant(world);
    for (const scope of [EVERY_CASE, ofPatient(patient.id), ofPhysician(physician.userId), REACH]) {
      expect(await seen(world, patient.tenantId, scope, held.id)).to.equal(true);
      expect(await seen(world, other.id, scope, held.id)).to.equal(false);
    }
    expect(await casesOf(world, patient.tenantId).find(newId(), EVERY_CASE)).to.equal(null);
  });
}

function practiceContract(open: OpenWorld<keyof World>): void {
  it('shows cases of every tenant to the practice where they reach its physicians, and nothing else of them', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { id } = await plantCase(world, keyId, patient);
    expect(await seen(world, DEFAULT_TENANT_ID, REACH, id)).to.equal(true);
    for (const scope of [EVERY_CASE, ofPatient(patient.id), ofPhysician(patient.id)]) {
      expect(await seen(world, DEFAULT_TENANT_ID, scope, id)).to.equal(false);
    }
    expect(await casesOf(world, DEFAULT_TENANT_ID).listMessages(id)).to.deep.equal([]);
  });

  it('shows a case to the physician of the practice who has it, as one of his own tenant', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const physician = await plantPhysician(world, DEFAULT_TENANT_ID);
    const queued = await plantCase(world, keyId, patient);
    const scope = ofPhysician(physician.userId);
    expect(await seen(world, DEFAULT_TENANT_ID, scope, queued.id)).to.equal(false);
    const { id } = await plantStep(world, assign(queued, free(physician), newAct()));
    expect(await seen(world, DEFAULT_TENANT_ID, scope, id)).to.equal(true);
    expect(await seen(world, patient.tenantId, scope, id)).to.equal(false);
    expect(await seen(world, (await plantTenant(world)).id, scope, id)).to.equal(false);
  });
}
