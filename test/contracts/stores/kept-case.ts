import { expect } from 'chai';
import type { Case } from '../../../src/domain/cases/case.ts';
import { casesOf, EVERY_CASE } from './case-fixtures.ts';
import type { StoreWorld } from './store-world.ts';

type World = Pick<
  StoreWorld,
  'unitOfWork' | 'readAssignment' | 'readAudit' | 'readEvents' | 'readLegacyOwner'
>;
type CaseKey = Pick<Case, 'id' | 'tenantId'>;

/** All that is kept of a case. */
export async function everythingOf(world: World, { id, tenantId }: CaseKey) {
  const cases = casesOf(world, tenantId);
  return {
    found: await cases.find(id, EVERY_CASE),
    events: await world.readEvents(id),
    audit: await world.readAudit(tenantId),
    messages: await cases.listMessages(id),
    reasons: await cases.listReasons(id),
    assignment: await world.readAssignment(id),
    owner: await world.readLegacyOwner(id),
  };
}

/** Does what is refused or lost, and expects that nothing of it is kept. */
export async function expectNothingOf(
  world: World,
  { after }: { readonly after: CaseKey },
  act: () => Promise<unknown>,
): Promise<void> {
  const before = await everythingOf(world, after);
  await act();
  expect(await everythingOf(world, after)).to.deep.equal(before);
}
