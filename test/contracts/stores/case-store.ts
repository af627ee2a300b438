import { expect } from 'chai';
import { Unauthenticated } from '../../../src/domain/access/errors.ts';
import type { Case } from '../../../src/domain/cases/case.ts';
import type { CaseScope } from '../../../src/domain/cases/visibility.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import {
  at,
  newHash,
  newId,
  newSubmission,
  plantCases,
  plantDataKey,
  plantPhysician,
  plantTenant,
  plantUser,
} from './fixtures.ts';
import { atOnce, everyPage, failureOf, inOrder, refusalOf, undo } from './expectations.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<
  StoreWorld,
  | 'unitOfWork'
  | 'dataKeyStore'
  | 'allowAnonymousCases'
  | 'plantPhysician'
  | 'assignCase'
  | 'readAudit'
  | 'readEvents'
>;

const casesOf = ({ unitOfWork }: World, tenantId: string) => unitOfWork.stores(tenantId).cases;

const EVERY_CASE: CaseScope = { kind: 'tenant' };
const NO_FILTER = { state: null, language: null };

/** A patient in a tenant of his own, which has a data key. */
async function plantPatient(world: World): Promise<{ readonly patient: User; readonly keyId: string }> {
  const patient = await plantUser(world);
  return { patient, keyId: await plantDataKey(world, patient.tenantId) };
}

/** What every `CaseStore` keeps. */
export function caseStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a CaseStore`, () => {
    describe('adding', () => {
      addingContract(open);
    });
    describe('whole or not at all', () => {
      wholenessContract(open);
    });
    describe('scopes', () => {
      scopesContract(open);
    });
    describe('listing', () => {
      listingContract(open);
    });
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

function scopesContract(open: OpenWorld<keyof World>): void {
  const seen = async (world: World, tenantId: string, scope: CaseScope, id: string): Promise<boolean> => {
    const cases = casesOf(world, tenantId);
    const found = await cases.find(id, scope);
    const { items } = await cases.list(scope, NO_FILTER, { limit: 100, after: null });
    const listed = items.some((item) => item.id === id);
    expect(listed, 'listed as found').to.equal(found !== null);
    return listed;
  };

  it('shows a case to its patient and to the tenant, and to no other patient', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const [own] = await plantCases(world, keyId, patient, 1);
    const other = await plantUser(world, { tenantId });
    expect(await seen(world, tenantId, { kind: 'patient', patientId: patient.id }, own!.id)).to.equal(true);
    expect(await seen(world, tenantId, { kind: 'patient', patientId: other.id }, own!.id)).to.equal(false);
    expect(await seen(world, tenantId, EVERY_CASE, own!.id)).to.equal(true);
  });

  it('shows a case to the physician that it is assigned to, by the user behind him', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const [queued] = await plantCases(world, keyId, patient, 1);
    const [assignee, colleague] = [
      await plantPhysician(world, tenantId),
      await plantPhysician(world, tenantId),
    ];
    const scopeOf = (userId: string): CaseScope => ({ kind: 'physician', userId });
    expect(await seen(world, tenantId, scopeOf(assignee.userId), queued!.id)).to.equal(false);
    await world.assignCase(queued!.id, assignee.id);
    expect(await seen(world, tenantId, scopeOf(assignee.userId), queued!.id)).to.equal(true);
    expect(await seen(world, tenantId, scopeOf(colleague.userId), queued!.id)).to.equal(false);
    expect(await seen(world, tenantId, scopeOf(patient.id), queued!.id)).to.equal(false);
    const found = await casesOf(world, tenantId).find(queued!.id, EVERY_CASE);
    expect(found).to.include({ state: 'assigned', physicianId: assignee.id });
  });

  it('shows an anonymous case to the tenant only', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const submission = newSubmission(keyId, { tenantId, patientId: null });
    await casesOf(world, tenantId).add(submission);
    const { id } = submission.submitted;
    expect(await seen(world, tenantId, { kind: 'patient', patientId: patient.id }, id)).to.equal(false);
    expect(await seen(world, tenantId, EVERY_CASE, id)).to.equal(true);
  });

  it('shows nobody the cases of another tenant, whatever the scope', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const physician = await plantPhysician(world, patient.tenantId);
    const [own] = await plantCases(world, keyId, patient, 1);
    await world.assignCase(own!.id, physician.id);
    const other = await plantTenant(world);
    const scopes: readonly CaseScope[] = [
      EVERY_CASE,
      { kind: 'patient', patientId: patient.id },
      { kind: 'physician', userId: physician.userId },
    ];
    for (const scope of scopes) {
      expect(await seen(world, patient.tenantId, scope, own!.id)).to.equal(true);
      expect(await seen(world, other.id, scope, own!.id)).to.equal(false);
    }
    expect(await casesOf(world, other.id).listMessages(own!.id)).to.deep.equal([]);
  });
}

function listingContract(open: OpenWorld<keyof World>): void {
  it('gives every case within the scope once, newest first, whatever the size of the page', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    // Three of one moment and two apart, so that the id has to decide between some.
    const added = [
      ...(await plantCases(world, keyId, patient, 3, 0)),
      ...(await plantCases(world, keyId, patient, 2, 7)),
    ];
    const physician = await plantPhysician(world, tenantId);
    for (const { id } of added) await world.assignCase(id, physician.id);
    const ids = inOrder(added).map(({ id }) => id);
    const scopes: readonly CaseScope[] = [
      EVERY_CASE,
      { kind: 'patient', patientId: patient.id },
      { kind: 'physician', userId: physician.userId },
    ];
    for (const scope of scopes) {
      for (const limit of [1, 2, 5, 100]) {
        const listed = await everyPage(
          (request) => casesOf(world, tenantId).list(scope, NO_FILTER, request),
          limit,
        );
        expect(listed.map(({ id }) => id)).to.deep.equal(ids);
      }
    }
  });

  it('narrows by state and by language, also across pages', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { id: patientId, tenantId } = patient;
    const physician = await plantPhysician(world, tenantId);
    const idOf = async (language: string, seconds: number): Promise<string> => {
      const submission = newSubmission(keyId, { tenantId, patientId, language }, at(seconds));
      await casesOf(world, tenantId).add(submission);
      return submission.submitted.id;
    };
    const [hebrew, english, assigned] = [await idOf('he', 1), await idOf('en', 2), await idOf('he', 3)];
    await world.assignCase(assigned, physician.id);
    const listed = async (
      filter: typeof NO_FILTER | { state: Case['state'] | null; language: string | null },
    ) =>
      (await everyPage((request) => casesOf(world, tenantId).list(EVERY_CASE, filter, request), 1)).map(
        ({ id }) => id,
      );
    expect(await listed({ state: 'queued', language: null })).to.deep.equal([english, hebrew]);
    expect(await listed({ state: null, language: 'he' })).to.deep.equal([assigned, hebrew]);
    expect(await listed({ state: 'queued', language: 'he' })).to.deep.equal([hebrew]);
    expect(await listed({ state: 'void', language: null })).to.deep.equal([]);
  });
}
