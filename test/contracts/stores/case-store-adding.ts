import { expect } from 'chai';
import { Unauthenticated } from '../../../src/domain/access/errors.ts';
import type { Case } from '../../../src/domain/cases/case.ts';
import { casesOf, EVERY_CASE, NO_FILTER, plantPatient } from './case-fixtures.ts';
import { atOnce, failureOf, refusalOf, undo } from './expectations.ts';
import { at, newHash, newId, newSubmission, plantDataKey, plantTenant } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<
  StoreWorld,
  'unitOfWork' | 'dataKeyStore' | 'allowAnonymousCases' | 'readAudit' | 'readEvents'
>;

/** What every `CaseStore` keeps of a new case. */
export function addingCasesContract(open: OpenWorld<keyof World>): void {
  describe('adding', () => {
    addingContract(open);
  });
  describe('adding, whole or not at all', () => {
    wholenessContract(open);
  });
}

function addingContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what was added: case, text, event and audit entry', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const submission = newSubmission(keyId, {
      tenantId: patient.tenantId,
      patientId: patient.id,
      language: 'he',
      priority: 'asap',
      specialty: 'cardiology',
      vendorId: 'north',
      pool: 'hearts',
    });
    await casesOf(world, patient.tenantId).add(submission);
    const { submitted, question, event, audit } = submission;
    const cases = casesOf(world, patient.tenantId);
    expect(await cases.find(submitted.id, EVERY_CASE)).to.deep.equal(submitted);
    expect(await cases.listMessages(submitted.id)).to.deep.equal([question]);
    expect(await world.readEvents(submitted.id)).to.deep.equal([event]);
    expect(await world.readAudit(patient.tenantId)).to.deep.equal([audit]);
  });

  it('takes an anonymous case with its receipt', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const keyId = await plantDataKey(world, tenantId);
    const receipt = { hash: newHash(), expiresAt: at(86_400) };
    const submission = newSubmission(keyId, { tenantId, patientId: null }, at(0), receipt);
    await casesOf(world, tenantId).add(submission);
    const { submitted, question } = submission;
    expect(await casesOf(world, tenantId).find(submitted.id, EVERY_CASE)).to.deep.equal(submitted);
    expect(await casesOf(world, tenantId).listMessages(submitted.id)).to.deep.equal([question]);
  });

  it('finds nothing by an id that no case has', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    expect(await casesOf(world, tenantId).find(newId(), EVERY_CASE)).to.equal(null);
    expect(await casesOf(world, tenantId).listMessages(newId())).to.deep.equal([]);
  });

  it('keeps all of many cases added at once', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { id: patientId, tenantId } = patient;
    await atOnce(20, () => casesOf(world, tenantId).add(newSubmission(keyId, { tenantId, patientId })));
    const page = await casesOf(world, tenantId).list(EVERY_CASE, NO_FILTER, { limit: 100, after: null });
    expect(page.items).to.have.length(20);
    expect(await world.readAudit(tenantId)).to.have.length(20);
  });
}

function wholenessContract(open: OpenWorld<keyof World>): void {
  const expectNothing = async (world: World, submitted: Case): Promise<void> => {
    const cases = casesOf(world, submitted.tenantId);
    expect(await cases.find(submitted.id, EVERY_CASE)).to.equal(null);
    expect(await cases.listMessages(submitted.id)).to.deep.equal([]);
    expect(await world.readEvents(submitted.id)).to.deep.equal([]);
    expect(await world.readAudit(submitted.tenantId)).to.deep.equal([]);
  };

  it('keeps nothing where the last part cannot be kept', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const receipt = { hash: newHash(), expiresAt: at(86_400) };
    const other = await plantTenant(world);
    const known = newSubmission(
      await plantDataKey(world, other.id),
      { tenantId: other.id, patientId: null },
      at(0),
      receipt,
    );
    await casesOf(world, other.id).add(known);
    const keyId = await plantDataKey(world, tenantId);
    const submission = newSubmission(keyId, { tenantId, patientId: null }, at(0), receipt);
    await failureOf(casesOf(world, tenantId).add(submission));
    await expectNothing(world, submission.submitted);
  });

  it('takes no case for a patient of another tenant', async () => {
    const world = await open();
    const { patient } = await plantPatient(world);
    const { id: tenantId } = await plantTenant(world);
    const keyId = await plantDataKey(world, tenantId);
    const smuggled = newSubmission(keyId, { tenantId, patientId: patient.id });
    await failureOf(casesOf(world, tenantId).add(smuggled));
    await expectNothing(world, smuggled.submitted);
    const foreign = newSubmission(keyId, { tenantId, patientId: null });
    await failureOf(casesOf(world, patient.tenantId).add(foreign));
    await expectNothing(world, foreign.submitted);
  });

  it('takes no case whose text is sealed with the key of another tenant', async () => {
    const world = await open();
    const { patient } = await plantPatient(world);
    const { keyId } = await plantPatient(world);
    const { id: patientId, tenantId } = patient;
    const misplaced = newSubmission(keyId, { tenantId, patientId });
    await failureOf(casesOf(world, tenantId).add(misplaced));
    await expectNothing(world, misplaced.submitted);
  });

  it('takes no anonymous case where the installation allows none, and goes on with those of patients', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { id: patientId, tenantId } = patient;
    const receipt = { hash: newHash(), expiresAt: at(86_400) };
    const anonymous = newSubmission(keyId, { tenantId, patientId: null }, at(0), receipt);
    const own = newSubmission(keyId, { tenantId, patientId });
    await world.allowAnonymousCases(false);
    try {
      await refusalOf(Unauthenticated, casesOf(world, tenantId).add(anonymous));
      await expectNothing(world, anonymous.submitted);
      await casesOf(world, tenantId).add(own);
    } finally {
      await world.allowAnonymousCases(true);
    }
    await casesOf(world, tenantId).add(anonymous);
    expect(await casesOf(world, tenantId).find(anonymous.submitted.id, EVERY_CASE)).not.to.equal(null);
  });

  it('keeps no case of a unit of work that failed', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { id: patientId, tenantId } = patient;
    const submission = newSubmission(keyId, { tenantId, patientId });
    await undo(world, tenantId, ({ cases }) => cases.add(submission));
    await expectNothing(world, submission.submitted);
  });
}
