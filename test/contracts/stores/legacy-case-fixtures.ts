import { expect } from 'chai';
import { proveLink } from '../../../src/domain/legacy/legacy-link.ts';
import type { AdoptedLegacyCase } from '../../../src/application/ports/stores/case-store.ts';
import type { LegacyCase } from '../../../src/domain/cases/case.ts';
import { adoptLegacy, legacyCaseOf } from '../../../src/domain/cases/legacy-case.ts';
import type { CaseScope } from '../../../src/domain/cases/visibility.ts';
import { legacyLanguage } from '../../../src/domain/cases/legacy-language.ts';
import { normalVendorId } from '../../../src/domain/shared/vendor-id.ts';
import type { UserId } from '../../../src/domain/shared/ids.ts';
import { DEFAULT_DUE_HOURS, type Tenant } from '../../../src/domain/tenancy/tenant.ts';
import { casesOf, newAct, newMessage } from './case-fixtures.ts';
import { newEntry, newId, NOW, plantTenant } from './fixtures.ts';
import { type Linking, newLink, newRequest, plantLink, plantLinking } from './legacy-fixtures.ts';
import type { PlantedRequest, StoreWorld } from './store-world.ts';

/** What planting legacy cases needs. */
export type LegacyWorld = Pick<
  StoreWorld,
  'unitOfWork' | 'dataKeyStore' | 'legacyIndex' | 'listVendor' | 'writeLegacyRequest'
>;

/** An organisation that one vendor's people belong to, and a patient of it. */
export interface Clinic {
  readonly tenant: Tenant;
  /** In its normal form. */
  readonly vendorId: string;
  readonly linking: Linking;
}

/** Makes a tenant with a vendor that nobody else has. */
export async function plantClinic(world: LegacyWorld): Promise<Clinic> {
  const tenant = await plantTenant(world);
  const vendorId = `vendor-${newId()}`;
  world.listVendor({ vendorId, tenant: tenant.slug, privatePool: null, identifierKind: null });
  return { tenant, vendorId, linking: await plantLinking(world, { tenantId: tenant.id }) };
}

/** Writes a request as the legacy service does, and lets the index see it. */
export async function plantLegacyRequest(
  { legacyIndex, writeLegacyRequest }: LegacyWorld,
  given: Partial<PlantedRequest>,
): Promise<PlantedRequest> {
  const request = newRequest(given);
  const { caseId, createdAt, language, vendorId } = request;
  await writeLegacyRequest(request);
  const said = { vendorId: normalVendorId(vendorId), language: legacyLanguage(language) };
  await legacyIndex.put([{ caseId, createdAt, hashes: {}, ...said }]);
  return request;
}

/** Makes the patient the owner of a request, as a link of his does. */
export async function linkTo(
  world: LegacyWorld,
  { user, keyId }: Linking,
  { caseId, identifier, userId, vendorId }: PlantedRequest,
) {
  const { legacyLinks } = world.unitOfWork.stores(user.tenantId);
  const link = proveLink(await plantLink(world, newLink({ user, keyId })), 'code', NOW);
  expect(await legacyLinks.save(link, null)).to.equal(true);
  const record = { caseId, identifier, userId, vendorId, ownerId: null };
  expect(await legacyLinks.stamp(link, [record], null, NOW)).to.have.length(1);
}

/** The case that a request is, for somebody of the tenant. */
export const legacyCaseIn = (
  { id: tenantId }: Pick<Tenant, 'id'>,
  { caseId: id, createdAt, language, status, vendorId }: PlantedRequest,
  patientId: UserId | null,
): LegacyCase => legacyCaseOf({ id, tenantId, patientId, vendorId, language, status, createdAt });

/** Stores a legacy case of the clinic's vendor, and of its patient. */
export async function plantLegacyCase(
  world: LegacyWorld,
  { linking, tenant, vendorId }: Clinic,
  given: Partial<PlantedRequest> = {},
): Promise<LegacyCase> {
  const request = await plantLegacyRequest(world, { vendorId, ...given });
  await linkTo(world, linking, request);
  return legacyCaseIn(tenant, request, linking.user.id);
}

/** A workflow for a legacy case that is not stored yet, with its question sealed. */
export function newAdoption(found: LegacyCase, keyId: string): AdoptedLegacyCase {
  const intake = { pool: 'hearts', dueHours: DEFAULT_DUE_HOURS, hasCandidate: false };
  const given = { language: 'he', priority: 'urgent', specialty: 'cardiology' } as const;
  const adoption = adoptLegacy(found, given, intake, newAct({ actorRole: 'admin', actorId: newId() }));
  const { event } = adoption;
  const question = { kind: 'question', authorRole: 'patient', authorId: found.patientId } as const;
  return {
    ...adoption,
    audit: newEntry(found.tenantId, {
      action: 'cases.adopted-legacy',
      subject: { type: 'case', id: found.id },
      at: event.at,
    }),
    question: newMessage(found, keyId, { ...question, at: found.createdAt }),
  };
}

/** Whether a legacy case is seen in a scope; expects that it is listed, and its question read, exactly where it is found. */
export async function seesLegacy(
  world: Pick<StoreWorld, 'unitOfWork'>,
  tenantId: string,
  scope: CaseScope,
  id: string,
): Promise<boolean> {
  const cases = casesOf(world, tenantId);
  const isFound = (await cases.find(id, scope)) !== null;
  if (scope.kind === 'reach') return isFound;
  const filter = { state: null, language: null, source: 'legacy' } as const;
  const { items } = await cases.list(scope, filter, { limit: 100, after: null });
  expect(items.some((item) => item.id === id)).to.equal(isFound);
  expect((await cases.readLegacyQuestion(id, scope)) !== null).to.equal(isFound);
  return isFound;
}
