import { expect } from 'chai';
import type { CaseFilter } from '../../../src/application/ports/stores/case-store.ts';
import type { Case } from '../../../src/domain/cases/case.ts';
import type { CaseScope, ListedScope } from '../../../src/domain/cases/visibility.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import type { PageRequest } from '../../../src/domain/shared/page.ts';
import { casesOf, EVERY_CASE, NO_FILTER } from './case-fixtures.ts';
import { everyPage, inOrder } from './expectations.ts';
import { at, newId, plantCases, plantPhysician, plantUser } from './fixtures.ts';
import {
  type Clinic,
  legacyCaseIn,
  type LegacyWorld,
  linkTo,
  plantClinic,
  plantLegacyCase,
  plantLegacyRequest,
  seesLegacy,
} from './legacy-case-fixtures.ts';
import { newRequest } from './legacy-fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = LegacyWorld & Pick<StoreWorld, 'removeLegacyRequest'>;

/** How every `CaseStore` shows the cases of the legacy service. */
export function legacyCasesContract(open: OpenWorld<keyof World>): void {
  describe('legacy cases', () => {
    visibilityContract(open);
    liveRowsContract(open);
    listingContract(open);
  });
}

const ofPatient = (patientId: string): ListedScope => ({ kind: 'patient', patientId });

/** Plants legacy cases of two organisations, of the practice and of nobody, and looks who sees them. */
export async function checkLegacyVisibility(world: LegacyWorld): Promise<void> {
  const [clinic, other] = [await plantClinic(world), await plantClinic(world)];
  const { id } = await plantLegacyCase(world, clinic, { vendorId: ` ${clinic.vendorId.toUpperCase()}\t` });
  const { user } = clinic.linking;
  const colleague = await plantUser(world, { tenantId: clinic.tenant.id });
  const physician = await plantPhysician(world, clinic.tenant.id);
  const sees = (tenantId: string, scope: CaseScope, caseId = id) =>
    seesLegacy(world, tenantId, scope, caseId);
  expect(await sees(clinic.tenant.id, ofPatient(user.id)), 'its patient').to.equal(true);
  expect(await sees(clinic.tenant.id, EVERY_CASE), 'its tenant').to.equal(true);
  const others: readonly (readonly [string, CaseScope])[] = [
    [clinic.tenant.id, ofPatient(colleague.id)],
    [clinic.tenant.id, { kind: 'physician', userId: physician.userId }],
    [clinic.tenant.id, { kind: 'physician', userId: user.id }],
    [clinic.tenant.id, { kind: 'reach' }],
    [other.tenant.id, EVERY_CASE],
    [other.tenant.id, ofPatient(other.linking.user.id)],
    [other.tenant.id, ofPatient(user.id)],
    [DEFAULT_TENANT_ID, EVERY_CASE],
    [DEFAULT_TENANT_ID, { kind: 'reach' }],
  ];
  for (const [tenantId, scope] of others) {
    expect(await sees(tenantId, scope), JSON.stringify(scope)).to.equal(false);
  }
  for (const vendorId of [null, ' ', `unlisted-${newId()}`]) {
    const { caseId } = await plantLegacyRequest(world, { vendorId, createdAt: at(1e9) });
    expect(await sees(DEFAULT_TENANT_ID, EVERY_CASE, caseId), 'the practice').to.equal(true);
    expect(await sees(clinic.tenant.id, EVERY_CASE, caseId), 'no other').to.equal(false);
  }
}

function visibilityContract(open: OpenWorld<keyof World>): void {
  it('shows one to the patient who is linked to it and to the tenant of its vendor, and to nobody else', async () => {
    await checkLegacyVisibility(await open());
  });

  it('shows it as its row says it, with nothing of a workflow', async () => {
    const world = await open();
    const clinic = await plantClinic(world);
    const { tenant, vendorId } = clinic;
    const cases = casesOf(world, tenant.id);
    const said = { language: ' IW', status: 'in progress', question: 'Since when?' };
    const owned = await plantLegacyCase(world, clinic, said);
    expect(owned).to.include({ language: 'he', vendorId, legacyStatus: 'in progress', state: 'legacy' });
    for (const scope of [EVERY_CASE, ofPatient(clinic.linking.user.id)]) {
      expect(await cases.find(owned.id, scope)).to.deep.equal(owned);
      expect((await cases.list(scope, NO_FILTER, { limit: 9, after: null })).items).to.deep.equal([owned]);
      expect(await cases.readLegacyQuestion(owned.id, scope)).to.equal('Since when?');
    }
    const empty = await plantLegacyRequest(world, { vendorId, language: null, status: null, question: null });
    const found = await cases.find(empty.caseId, EVERY_CASE);
    expect(found).to.deep.equal(legacyCaseIn(tenant, empty, null));
    expect(found).to.include({ language: 'und', patientId: null, legacyStatus: null });
    expect(await cases.readLegacyQuestion(empty.caseId, EVERY_CASE)).to.equal(null);
  });

  it('does not tell an owner of another tenant', async () => {
    const world = await open();
    const [clinic, other] = [await plantClinic(world), await plantClinic(world)];
    const request = await plantLegacyRequest(world, { vendorId: clinic.vendorId });
    await linkTo(world, other.linking, request);
    const expected = legacyCaseIn(clinic.tenant, request, null);
    const cases = casesOf(world, clinic.tenant.id);
    expect(await cases.find(request.caseId, EVERY_CASE)).to.deep.equal(expected);
    const page = await cases.list(EVERY_CASE, NO_FILTER, { limit: 9, after: null });
    expect(page.items).to.deep.equal([expected]);
    const { user } = other.linking;
    const own = await casesOf(world, other.tenant.id).find(request.caseId, ofPatient(user.id));
    expect(own).to.deep.equal(legacyCaseIn(other.tenant, request, user.id));
  });
}

function liveRowsContract(open: OpenWorld<keyof World>): void {
  it('shows what the row says now, and nothing once it is gone', async () => {
    const world = await open();
    const clinic = await plantClinic(world);
    const { id: tenantId } = clinic.tenant;
    const request = await plantLegacyRequest(world, { vendorId: clinic.vendorId });
    await linkTo(world, clinic.linking, request);
    await world.writeLegacyRequest({ ...request, status: 'answered', question: 'Which one?' });
    const cases = casesOf(world, tenantId);
    const scopes = [EVERY_CASE, ofPatient(clinic.linking.user.id)];
    for (const scope of scopes) {
      expect(await cases.find(request.caseId, scope)).to.include({ legacyStatus: 'answered' });
      expect(await cases.readLegacyQuestion(request.caseId, scope)).to.equal('Which one?');
    }
    await world.removeLegacyRequest(request.caseId);
    for (const scope of scopes) {
      expect(await seesLegacy(world, tenantId, scope, request.caseId)).to.equal(false);
    }
  });

  it('shows it to no tenant whose vendor it was, whatever the index still says', async () => {
    const world = await open();
    const [clinic, other] = [await plantClinic(world), await plantClinic(world)];
    const request = await plantLegacyRequest(world, { vendorId: clinic.vendorId });
    await world.writeLegacyRequest({ ...request, vendorId: other.vendorId });
    expect(await seesLegacy(world, clinic.tenant.id, EVERY_CASE, request.caseId)).to.equal(false);
    const found = await casesOf(world, other.tenant.id).find(request.caseId, EVERY_CASE);
    expect(found).to.include({ vendorId: other.vendorId });
  });

  it('finds it before the index has it, also as its patient', async () => {
    const world = await open();
    const clinic = await plantClinic(world);
    const request = newRequest({ vendorId: clinic.vendorId });
    await world.writeLegacyRequest(request);
    await linkTo(world, clinic.linking, request);
    const cases = casesOf(world, clinic.tenant.id);
    for (const scope of [EVERY_CASE, ofPatient(clinic.linking.user.id)]) {
      expect(await cases.find(request.caseId, scope)).to.include({ id: request.caseId, state: 'legacy' });
    }
  });
}

/** Legacy cases and others of one patient, of the same moments: three of the first and two of the second of each. */
async function plantBoth(world: World, clinic: Clinic): Promise<readonly Case[]> {
  const { keyId, user } = clinic.linking;
  const legacy: Case[] = [];
  for (const seconds of [0, 60, 0, 60, 0, 60, 300]) {
    legacy.push(await plantLegacyCase(world, clinic, { createdAt: at(seconds) }));
  }
  const own = [
    ...(await plantCases(world, keyId, user, 2, 60)),
    ...(await plantCases(world, keyId, user, 2, 60)),
  ];
  return inOrder([...legacy, ...own]);
}

function listingContract(open: OpenWorld<keyof World>): void {
  const walk = async (
    world: World,
    tenantId: string,
    scope: ListedScope,
    filter: CaseFilter,
    limit: number,
  ) => {
    const list = (request: PageRequest) => casesOf(world, tenantId).list(scope, filter, request);
    return everyPage(list, limit);
  };

  it('lists them among the others, newest first, whatever the size of the page', async () => {
    const world = await open();
    const clinic = await plantClinic(world);
    const planted = await plantBoth(world, clinic);
    for (const scope of [EVERY_CASE, ofPatient(clinic.linking.user.id)]) {
      for (const limit of [1, 2, 3, 5, 100]) {
        expect(await walk(world, clinic.tenant.id, scope, NO_FILTER, limit)).to.deep.equal(planted);
      }
    }
  });

  it('lists those of several vendors of a tenant, and of all that nobody lists, as one', async () => {
    const world = await open();
    const clinic = await plantClinic(world);
    const { slug: tenant, id: tenantId } = clinic.tenant;
    const second = `vendor-${newId()}`;
    world.listVendor({ vendorId: second, tenant, privatePool: null, identifierKind: null });
    const ids: string[] = [];
    const strange: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      const createdAt = at(index * 60);
      const vendorId = index % 2 === 0 ? second : clinic.vendorId;
      ids.unshift((await plantLegacyRequest(world, { vendorId, createdAt })).caseId);
      const unlisted = index % 3 === 0 ? null : `unlisted-${String(index % 3)}`;
      // Long after what other tests have left there.
      const later = at(2e9 + index);
      strange.unshift((await plantLegacyRequest(world, { vendorId: unlisted, createdAt: later })).caseId);
    }
    for (const limit of [1, 2, 3, 100]) {
      const listed = await walk(world, tenantId, EVERY_CASE, NO_FILTER, limit);
      expect(listed.map(({ id }) => id)).to.deep.equal(ids);
      const ofPractice = await walk(world, DEFAULT_TENANT_ID, EVERY_CASE, NO_FILTER, limit);
      expect(ofPractice.slice(0, 7).map(({ id }) => id)).to.deep.equal(strange);
      expect(ofPractice.filter(({ id }) => ids.includes(id))).to.deep.equal([]);
    }
  });

  it('narrows by source, by state and by language, also across pages', async () => {
    const world = await open();
    const clinic = await plantClinic(world);
    const { keyId, user } = clinic.linking;
    const legacy = (language: string | null, seconds: number) =>
      plantLegacyCase(world, clinic, { language, createdAt: at(seconds) });
    const [hebrew, spelled, none] = [await legacy('he', 1), await legacy('IW ', 2), await legacy('?', 3)];
    const [own] = await plantCases(world, keyId, user, 1);
    for (const scope of [EVERY_CASE, ofPatient(user.id)]) {
      const listed = async (filter: Partial<CaseFilter>) => {
        const items = await walk(world, clinic.tenant.id, scope, { ...NO_FILTER, ...filter }, 1);
        return items.map(({ id }) => id);
      };
      const all = [none.id, spelled.id, hebrew.id];
      expect(await listed({ source: 'legacy' })).to.deep.equal(all);
      expect(await listed({ state: 'legacy' })).to.deep.equal(all);
      expect(await listed({ state: 'legacy', source: 'legacy' })).to.deep.equal(all);
      expect(await listed({ source: 'casegate' })).to.deep.equal([own!.id]);
      expect(await listed({ state: 'queued' })).to.deep.equal([own!.id]);
      expect(await listed({ state: 'queued', source: 'legacy' })).to.deep.equal([]);
      expect(await listed({ state: 'legacy', source: 'casegate' })).to.deep.equal([]);
      expect(await listed({ language: 'he' })).to.deep.equal([spelled.id, hebrew.id]);
      expect(await listed({ language: 'he', state: 'legacy' })).to.deep.equal([spelled.id, hebrew.id]);
      expect(await listed({ language: 'und' })).to.deep.equal([none.id]);
      expect(await listed({ language: 'en' })).to.deep.equal([own!.id]);
      expect(await listed({ language: 'en', source: 'legacy' })).to.deep.equal([]);
    }
  });
}
