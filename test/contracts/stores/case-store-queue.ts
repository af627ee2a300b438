import { expect } from 'chai';
import type {
  QueuePage,
  QueuePosition,
  QueueRequest,
} from '../../../src/application/ports/stores/case-store.ts';
import { CASE_PRIORITIES, type CaseFlag, type QueuedCase } from '../../../src/domain/cases/case.ts';
import { queueOrder } from '../../../src/domain/cases/queue-order.ts';
import { take } from '../../../src/domain/cases/transition.ts';
import { cancel } from '../../../src/domain/cases/workflow.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import {
  casesOf,
  newAct,
  newLanguage,
  newPool,
  plantAssignee,
  plantCase,
  plantPatient,
  plantStep,
} from './case-fixtures.ts';
import { at, newId, plantUser } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore'>;

const EVERYTHING = { filter: { language: null }, limit: 100, after: null };

const idsOf = (cases: readonly { readonly id: string }[]): readonly string[] => cases.map(({ id }) => id);

/** The ids of a queue, page by page; expects full pages up to the last, and an end. */
async function everyId(
  read: (request: QueueRequest) => Promise<QueuePage>,
  limit: number,
  language: string | null = null,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: QueuePosition | null = null;
  do {
    const page: QueuePage = await read({ filter: { language }, limit, after });
    if (page.next) expect(page.items).to.have.length(limit);
    expect(page.items.length).to.be.at.most(limit);
    ids.push(...idsOf(page.items));
    after = page.next;
  } while (after !== null);
  return ids;
}

/** Stores cases that differ in all that decides their place, several of them in nothing but their id. */
async function plantQueue(
  world: World,
  { tenantId }: { readonly tenantId: string },
  keyId: string,
  languages: readonly string[],
): Promise<readonly QueuedCase[]> {
  const planted: QueuedCase[] = [];
  const patient = await plantUser(world, { tenantId });
  for (const seconds of [7200, 0]) {
    for (const priority of CASE_PRIORITIES.toReversed()) {
      for (const language of languages) {
        // Due at the same time as those of the other moment, where the hours differ by the seconds between.
        const dueHours = { asap: 4, urgent: seconds === 0 ? 26 : 24, routine: 72 };
        planted.push(
          await plantCase(world, keyId, patient, { language, priority, dueHours }, at(seconds)),
          await plantCase(world, keyId, patient, { language, priority, dueHours }, at(seconds)),
        );
      }
    }
  }
  return planted;
}

/** Flags a queued case. */
const flag = async (world: World, queued: QueuedCase, ...flags: readonly CaseFlag[]): Promise<void> => {
  await plantStep(world, take(queued, { type: 'escalated', to: 'queued', flags }, newAct()));
};

/** The queue of every `CaseStore`. */
export function caseQueueContract(open: OpenWorld<keyof World>): void {
  describe('queue', () => {
    orderContract(open);
    languagesContract(open);
    poolsContract(open);
    tenantsContract(open);
  });
}

function orderContract(open: OpenWorld<keyof World>): void {
  it('gives what waits once, by priority, due time, age and id, whatever the size of the page', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const languages = [newLanguage(), newLanguage(), newLanguage()];
    const planted = await plantQueue(world, patient, keyId, languages);
    const ordered = idsOf([...planted].sort(queueOrder));
    const asked = { userId: newId(), privatePool: null, languages };
    for (const limit of [1, 2, 5, planted.length, 100]) {
      const own = casesOf(world, tenantId);
      expect(await everyId((request) => own.queue(request), limit)).to.deep.equal(ordered);
      for (const cases of [own, casesOf(world, DEFAULT_TENANT_ID)]) {
        expect(await everyId((request) => cases.queueFor(asked, request), limit)).to.deep.equal(ordered);
      }
    }
  });

  it('gives nobody his own case', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const language = newLanguage();
    const { id } = await plantCase(world, keyId, patient, { language });
    const reader = { userId: patient.id, privatePool: null, languages: [language] };
    for (const cases of [casesOf(world, patient.tenantId), casesOf(world, DEFAULT_TENANT_ID)]) {
      expect((await cases.queueFor(reader, EVERYTHING)).items).to.deep.equal([]);
      const { items } = await cases.queueFor({ ...reader, userId: newId() }, EVERYTHING);
      expect(idsOf(items)).to.deep.equal([id]);
    }
  });

  it('gives the cases as they are, and only those that wait', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const language = newLanguage();
    const plant = () => plantCase(world, keyId, patient, { language });
    const [queued, cancelled] = [await plant(), await plant()];
    await plantStep(world, cancel(cancelled, newAct()));
    await plantAssignee(world, await plantCase(world, keyId, patient));
    const reader = { userId: newId(), privatePool: null, languages: [language] };
    const own = casesOf(world, patient.tenantId);
    for (const page of [
      await own.queue(EVERYTHING),
      await own.queueFor(reader, EVERYTHING),
      await casesOf(world, DEFAULT_TENANT_ID).queueFor(reader, EVERYTHING),
    ]) {
      expect(page).to.deep.equal({ items: [queued], next: null });
    }
  });
}

function languagesContract(open: OpenWorld<keyof World>): void {
  it('gives a physician the cases in languages that he answers in: a language covers its regions, not the other way round', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const [base, other] = [newLanguage(), newLanguage()];
    const plant = (language: string) => plantCase(world, keyId, patient, { language });
    const [plain, british, foreign] = [await plant(base), await plant(`${base}-GB`), await plant(other)];
    for (const tenantId of [patient.tenantId, DEFAULT_TENANT_ID]) {
      const listed = async (...languages: readonly string[]) => {
        const reader = { userId: newId(), privatePool: null, languages };
        return idsOf((await casesOf(world, tenantId).queueFor(reader, EVERYTHING)).items);
      };
      expect(await listed(base)).to.have.members([plain.id, british.id]);
      expect(await listed(`${base}-GB`)).to.deep.equal([british.id]);
      expect(await listed(`${base}-US`)).to.deep.equal([]);
      expect(await listed(base, `${base}-GB`)).to.deep.equal([plain.id, british.id]);
      expect(await listed(other, `${base}-GB`)).to.have.members([british.id, foreign.id]);
      expect(await listed(base.slice(0, -1))).to.deep.equal([]);
    }
  });

  it('narrows by language, also across pages', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const [one, other] = [newLanguage(), newLanguage()];
    const planted = await plantQueue(world, patient, keyId, [one, other, `${one}-GB`]);
    const reader = { userId: newId(), privatePool: null, languages: [one, other] };
    for (const language of [one, other, `${one}-GB`, newLanguage()]) {
      const wanted = idsOf(planted.filter((queued) => queued.language === language).sort(queueOrder));
      const own = casesOf(world, patient.tenantId);
      expect(await everyId((request) => own.queue(request), 5, language)).to.deep.equal(wanted);
      for (const cases of [own, casesOf(world, DEFAULT_TENANT_ID)]) {
        const read = (request: QueueRequest) => cases.queueFor(reader, request);
        expect(await everyId(read, 5, language)).to.deep.equal(wanted);
      }
    }
  });
}

function poolsContract(open: OpenWorld<keyof World>): void {
  it('keeps pools closed both ways, but for what has overflowed', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const [language, pool] = [newLanguage(), newPool()];
    const plant = (given: string | null) => plantCase(world, keyId, patient, { language, pool: given });
    const [shared, pooled, overflowed, foreign] = [
      await plant(null),
      await plant(pool),
      await plant(pool),
      await plant(newPool()),
    ];
    await flag(world, overflowed, 'unclaimed', 'overflow');
    await flag(world, foreign, 'unclaimed');
    for (const tenantId of [patient.tenantId, DEFAULT_TENANT_ID]) {
      for (const filter of [null, language]) {
        const listed = (privatePool: string | null) =>
          everyId(
            (request) =>
              casesOf(world, tenantId).queueFor(
                { userId: newId(), privatePool, languages: [language] },
                request,
              ),
            1,
            filter,
          );
        expect(await listed(null)).to.have.members([shared.id, overflowed.id]);
        expect(await listed(pool)).to.have.members([pooled.id, overflowed.id]);
        expect(await listed(newPool())).to.deep.equal([]);
      }
    }
  });
}

function tenantsContract(open: OpenWorld<keyof World>): void {
  it("shows another tenant nothing, and the practice's physicians, but not the practice, what goes to them", async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { patient: neighbour, keyId: otherKey } = await plantPatient(world);
    const language = newLanguage();
    const own = await plantCase(world, keyId, patient, { language });
    const foreign = await plantCase(world, otherKey, neighbour, { language });
    const reader = { userId: newId(), privatePool: null, languages: [language] };
    const queueFor = async (tenantId: string) =>
      idsOf((await casesOf(world, tenantId).queueFor(reader, EVERYTHING)).items);
    const queue = async (tenantId: string) =>
      idsOf((await casesOf(world, tenantId).queue({ ...EVERYTHING, filter: { language } })).items);
    for (const read of [queueFor, queue]) {
      expect(await read(patient.tenantId)).to.deep.equal([own.id]);
      expect(await read(neighbour.tenantId)).to.deep.equal([foreign.id]);
    }
    expect(await queueFor(DEFAULT_TENANT_ID)).to.have.members([own.id, foreign.id]);
    expect(await queue(DEFAULT_TENANT_ID)).to.deep.equal([]);
  });
}
