import { expect } from 'chai';
import type { PagePosition } from '../../../src/domain/shared/page.ts';
import { release } from '../../../src/domain/cases/workflow.ts';
import {
  casesOf,
  everyWalk,
  newAct,
  newMessage,
  plantAssignee,
  plantCase,
  plantPatient,
  plantStep,
} from './case-fixtures.ts';
import { at, newHash, newId, plantPhysician, plantTenant } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore'>;

/** What every `CaseStore` tells of the life of a case. */
export function caseHistoryContract(open: OpenWorld<keyof World>): void {
  describe('history', () => {
    it('gives every event of a case once, newest first, whatever the size of the page', async () => {
      const world = await open();
      const { patient, keyId } = await plantPatient(world);
      const physician = await plantPhysician(world, patient.tenantId);
      const queued = await plantCase(world, keyId, patient);
      const [transitions] = everyWalk(queued, physician);
      for (const transition of transitions!) await plantStep(world, transition);
      const versions = Array.from({ length: transitions!.length + 1 }, (_, index) => index + 1).reverse();
      for (const limit of [1, 2, 5, 100]) {
        const events = await everyEvent(world, queued, limit);
        expect(events.map(({ version }) => version)).to.deep.equal(versions);
      }
      const events = await everyEvent(world, queued, 100);
      expect(events.slice(0, -1)).to.deep.equal(transitions!.map(({ event }) => event).reverse());
      expect(events.at(-1)).to.deep.include({ type: 'submitted', from: null, actorRole: 'patient' });
    });

    it('tells the events in the order in which they came about, also where a clock went back', async () => {
      const world = await open();
      const { patient, keyId } = await plantPatient(world);
      const queued = await plantCase(world, keyId, patient, {}, at(120));
      await plantAssignee(world, queued);
      for (const limit of [1, 100]) {
        const events = await everyEvent(world, queued, limit);
        expect(events.map(({ type, at: time }) => [type, time])).to.deep.equal([
          ['assigned', at(60)],
          ['submitted', at(120)],
        ]);
      }
    });

    it('gives the texts and the reasons of a case oldest first', async () => {
      const world = await open();
      const { patient, keyId } = await plantPatient(world);
      const { held } = await plantAssignee(world, await plantCase(world, keyId, patient));
      const [late, early] = [
        newMessage(held, keyId, { at: at(50) }),
        newMessage(held, keyId, { at: at(40) }),
      ];
      const [first, second] = [
        { keyId, bytes: newHash() },
        { keyId, bytes: newHash() },
      ];
      const queued = await plantStep(world, release(held, newAct()), { message: late, reason: first });
      const again = await plantAssignee(world, queued);
      await plantStep(world, release(again.held, newAct()), { message: early, reason: second });
      const cases = casesOf(world, patient.tenantId);
      const messages = await cases.listMessages(held.id);
      expect(messages.slice(1)).to.deep.equal([early, late]);
      const reasons = await cases.listReasons(held.id);
      expect(reasons.map(({ body }) => body)).to.deep.equal([first, second]);
    });

    it('tells another tenant nothing, nor anybody of a case that is not there', async () => {
      const world = await open();
      const { patient, keyId } = await plantPatient(world);
      const { held } = await plantAssignee(world, await plantCase(world, keyId, patient));
      await plantStep(world, release(held, newAct()), { reason: { keyId, bytes: newHash() } });
      const other = await plantTenant(world);
      for (const [tenantId, id] of [
        [other.id, held.id],
        [patient.tenantId, newId()],
      ] as const) {
        const cases = casesOf(world, tenantId);
        expect(await cases.listMessages(id)).to.deep.equal([]);
        expect(await cases.listReasons(id)).to.deep.equal([]);
        const page = await cases.listEvents(id, { limit: 100, after: null });
        expect(page).to.deep.equal({ items: [], next: null });
      }
    });
  });
}

/** All events of a case, page by page. */
async function everyEvent(world: World, { id, tenantId }: { id: string; tenantId: string }, limit: number) {
  const events = [];
  let after: PagePosition | null = null;
  do {
    const page = await casesOf(world, tenantId).listEvents(id, { limit, after });
    expect(page.items.length).to.be.at.most(limit);
    events.push(...page.items);
    after = page.next;
  } while (after !== null);
  return events;
}
