import { expect } from 'chai';
import type { CaseFilter } from '../../../src/application/ports/stores/case-store.ts';
import type { Case } from '../../../src/domain/cases/case.ts';
import type { CaseAct } from '../../../src/domain/cases/case-event.ts';
import type { Transition } from '../../../src/domain/cases/transition.ts';
import type { ListedScope } from '../../../src/domain/cases/visibility.ts';
import { assign, start } from '../../../src/domain/cases/workflow.ts';
import type { PageRequest } from '../../../src/domain/shared/page.ts';
import {
  casesOf,
  EVERY_CASE,
  free,
  newAct,
  NO_FILTER,
  plantCase,
  plantPatient,
  plantStep,
  walk,
} from './case-fixtures.ts';
import { everyPage, inOrder } from './expectations.ts';
import { at, plantCases, plantPhysician } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore'>;
type Step = (found: Case, act: CaseAct) => Transition;

/** How every `CaseStore` lists cases. */
export function listingCasesContract(open: OpenWorld<keyof World>): void {
  describe('listing', () => {
    listingContract(open);
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
    for (const queued of added) await plantStep(world, assign(queued, free(physician), newAct()));
    const ids = inOrder(added).map(({ id }) => id);
    const scopes: readonly ListedScope[] = [
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

  it('narrows by state and by language in every scope, also across pages', async () => {
    const world = await open();
    const { patient, keyId } = await plantPatient(world);
    const { tenantId } = patient;
    const physician = await plantPhysician(world, tenantId);
    const plant = async (language: string, seconds: number, ...steps: readonly Step[]): Promise<string> => {
      const queued = await plantCase(world, keyId, patient, { language }, at(seconds));
      const given = (found: Case, act: CaseAct) => assign(found, free(physician), act);
      for (const step of walk(queued, given, ...steps)) await plantStep(world, step);
      return queued.id;
    };
    const [hebrew, english, started, plain] = [
      await plant('he', 1),
      await plant('en', 2),
      await plant('he', 3, start),
      await plant('en-GB', 4),
    ];
    const scopes: readonly ListedScope[] = [
      EVERY_CASE,
      { kind: 'patient', patientId: patient.id },
      { kind: 'physician', userId: physician.userId },
    ];
    for (const scope of scopes) {
      const listed = async (filter: CaseFilter) => {
        const list = (request: PageRequest) => casesOf(world, tenantId).list(scope, filter, request);
        return (await everyPage(list, 1)).map(({ id }) => id);
      };
      expect(await listed({ ...NO_FILTER, state: 'assigned' })).to.deep.equal([plain, english, hebrew]);
      expect(await listed({ ...NO_FILTER, language: 'he' })).to.deep.equal([started, hebrew]);
      expect(await listed({ ...NO_FILTER, state: 'assigned', language: 'he' })).to.deep.equal([hebrew]);
      expect(await listed({ ...NO_FILTER, language: 'en' })).to.deep.equal([english]);
      expect(await listed({ ...NO_FILTER, state: 'void' })).to.deep.equal([]);
    }
  });
}
