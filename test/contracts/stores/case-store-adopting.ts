import { expect } from 'chai';
import { CaseNotAllowedInState } from '../../../src/domain/cases/errors.ts';
import { giveToPatient, takeFromPatient } from '../../../src/domain/cases/workflow.ts';
import { casesOf, EVERY_CASE, newAct, NO_FILTER, plantStep } from './case-fixtures.ts';
import { atOnce, failureOf, undo } from './expectations.ts';
import { plantUser } from './fixtures.ts';
import { everythingOf, expectNothingOf } from './kept-case.ts';
import { plantLinking } from './legacy-fixtures.ts';
import {
  legacyCaseIn,
  type LegacyWorld,
  linkTo,
  newAdoption,
  plantClinic,
  plantLegacyCase,
  plantLegacyRequest,
} from './legacy-case-fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = LegacyWorld &
  Pick<
    StoreWorld,
    | 'allowAnonymousCases'
    | 'removeLegacyRequest'
    | 'readAssignment'
    | 'readAudit'
    | 'readEvents'
    | 'readLegacyOwner'
  >;

/** How every `CaseStore` gives legacy cases a workflow. */
export function adoptingLegacyContract(open: OpenWorld<keyof World>): void {
  describe('adopting legacy cases', () => {
    adoptionContract(open);
    followingContract(open);
  });
  describe('adopting legacy cases, whole or not at all', () => {
    wholenessContract(open);
  });
}

function adoptionContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what became of one: case, text, event and audit entry; its row stays as it is', async () => {
    const world = await open();
    const clinic = await plantClinic(world);
    const { keyId, user } = clinic.linking;
    const found = await plantLegacyCase(world, clinic);
    const adoption = newAdoption(found, keyId);
    const cases = casesOf(world, clinic.tenant.id);
    expect(await cases.adoptLegacy(adoption)).to.equal(true);
    expect(await everythingOf(world, found)).to.deep.equal({
      found: adoption.after,
      events: [adoption.event],
      audit: [adoption.audit],
      messages: [adoption.question],
      reasons: [],
      assignment: null,
      owner: user.id,
    });
    const patient = { kind: 'patient', patientId: user.id } as const;
    for (const scope of [EVERY_CASE, patient]) {
      const list = async (source: 'legacy' | null) =>
        (await cases.list(scope, { ...NO_FILTER, source }, { limit: 9, after: null })).items;
      expect(await list(null)).to.deep.equal([adoption.after]);
      expect(await list('legacy')).to.deep.equal([]);
      expect(await cases.readLegacyQuestion(found.id, scope)).to.equal(null);
    }
    expect((await cases.queue({ filter: NO_FILTER, limit: 9, after: null })).items).to.deep.equal([
      adoption.after,
    ]);
  });

  it('takes one that is nobody’s, without a text, also where anonymous cases are refused', async () => {
    const world = await open();
    const { linking, tenant, vendorId } = await plantClinic(world);
    const request = await plantLegacyRequest(world, { vendorId, question: null });
    const adoption = { ...newAdoption(legacyCaseIn(tenant, request, null), linking.keyId), question: null };
    await world.allowAnonymousCases(false);
    try {
      expect(await casesOf(world, tenant.id).adoptLegacy(adoption)).to.equal(true);
    } finally {
      await world.allowAnonymousCases(true);
    }
    const kept = await everythingOf(world, adoption.after);
    expect(kept).to.deep.include({ found: adoption.after, messages: [], owner: null });
  });

  it('gives one a workflow once, however many try at once', async () => {
    await checkParallelAdoption(await open());
  });
}

/** Adopts one legacy case many times at once: it is done once, and the others are refused. */
export async function checkParallelAdoption(world: World): Promise<void> {
  const clinic = await plantClinic(world);
  const found = await plantLegacyCase(world, clinic);
  const adoptions = Array.from({ length: 20 }, () => newAdoption(found, clinic.linking.keyId));
  const cases = casesOf(world, clinic.tenant.id);
  const outcomes = await atOnce(adoptions.length, (index) =>
    cases.adoptLegacy(adoptions[index]!).catch((error: unknown) => error),
  );
  expect(outcomes.filter((outcome) => outcome === true)).to.have.length(1);
  expect(outcomes.filter((outcome) => outcome instanceof CaseNotAllowedInState)).to.have.length(19);
  const { after, audit, event, question } = adoptions[outcomes.indexOf(true)]!;
  const kept = await everythingOf(world, found);
  expect(kept).to.deep.include({ found: after, events: [event], audit: [audit], messages: [question] });
}

function followingContract(open: OpenWorld<keyof World>): void {
  it('lets its row follow its patient from then on', async () => {
    const world = await open();
    const clinic = await plantClinic(world);
    const { id } = await plantUser(world, { tenantId: clinic.tenant.id });
    const found = await plantLegacyCase(world, clinic);
    const adoption = newAdoption(found, clinic.linking.keyId);
    await casesOf(world, clinic.tenant.id).adoptLegacy(adoption);
    const free = await plantStep(world, takeFromPatient(adoption.after, newAct()));
    expect(await world.readLegacyOwner(found.id)).to.equal(null);
    const given = await plantStep(world, giveToPatient(free, id, newAct()));
    expect(await world.readLegacyOwner(found.id)).to.equal(id);
    const cases = casesOf(world, clinic.tenant.id);
    expect(await cases.find(found.id, { kind: 'patient', patientId: id })).to.deep.equal(given);
    expect(await cases.find(found.id, { kind: 'patient', patientId: clinic.linking.user.id })).to.equal(null);
  });
}

function wholenessContract(open: OpenWorld<keyof World>): void {
  it('keeps nothing where its row got another owner meanwhile, or is gone', async () => {
    const world = await open();
    const clinic = await plantClinic(world);
    const { linking, tenant, vendorId } = clinic;
    const cases = casesOf(world, tenant.id);
    const request = await plantLegacyRequest(world, { vendorId });
    const adoption = newAdoption(legacyCaseIn(tenant, request, null), linking.keyId);
    await linkTo(world, linking, request);
    await expectNothingOf(world, adoption, async () => {
      expect(await cases.adoptLegacy(adoption)).to.equal(false);
    });
    const owned = newAdoption(legacyCaseIn(tenant, request, linking.user.id), linking.keyId);
    await world.removeLegacyRequest(request.caseId);
    await expectNothingOf(world, owned, async () => {
      expect(await cases.adoptLegacy(owned)).to.equal(false);
    });
  });

  it('keeps nothing of one that has a workflow already', async () => {
    const world = await open();
    const clinic = await plantClinic(world);
    const found = await plantLegacyCase(world, clinic);
    const cases = casesOf(world, clinic.tenant.id);
    await cases.adoptLegacy(newAdoption(found, clinic.linking.keyId));
    const again = newAdoption(found, clinic.linking.keyId);
    await expectNothingOf(world, again, async () => {
      expect(await failureOf(cases.adoptLegacy(again))).to.be.instanceOf(CaseNotAllowedInState);
    });
  });

  it('keeps nothing where a part of it is of another tenant', async () => {
    const world = await open();
    const clinic = await plantClinic(world);
    const found = await plantLegacyCase(world, clinic);
    const cases = casesOf(world, clinic.tenant.id);
    const foreign = await plantLinking(world);
    const sealed = newAdoption(found, foreign.keyId);
    await expectNothingOf(world, sealed, () => failureOf(cases.adoptLegacy(sealed)));
    const own = newAdoption(found, clinic.linking.keyId);
    await expectNothingOf(world, own, () =>
      failureOf(casesOf(world, foreign.user.tenantId).adoptLegacy(own)),
    );
    const posing = newAdoption({ ...found, patientId: foreign.user.id }, clinic.linking.keyId);
    await expectNothingOf(world, posing, () => cases.adoptLegacy(posing).catch(() => null));
  });

  it('keeps nothing of a unit of work that failed', async () => {
    const world = await open();
    const clinic = await plantClinic(world);
    const found = await plantLegacyCase(world, clinic);
    const adoption = newAdoption(found, clinic.linking.keyId);
    await expectNothingOf(world, adoption, () =>
      undo(world, clinic.tenant.id, async ({ cases }) => {
        expect(await cases.adoptLegacy(adoption)).to.equal(true);
      }),
    );
  });
}
