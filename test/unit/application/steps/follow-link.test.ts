import { expect } from 'chai';
import { followLink } from '../../../../src/application/steps/follow-link.ts';
import type { CaseStore } from '../../../../src/application/ports/stores/case-store.ts';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { CaseConflict } from '../../../../src/domain/cases/errors.ts';
import { DEFAULT_TENANT_ID } from '../../../../src/domain/shared/ids.ts';
import { SYSTEM } from '../../../support/builders.ts';
import { plantLegacyRequest } from '../../../support/plant-legacy-request.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { withMethods } from '../../../support/with-methods.ts';
import { type Member, type World, world } from '../../../support/world.ts';

describe('Cases whose records are linked to accounts', () => {
  let here: World;
  let patient: Member;
  let caseId: string;

  beforeEach(async () => {
    here = world();
    patient = await here.patient();
    ({ caseId } = await plantLegacyRequest(here.adapters.database));
    await here.app.cases.adoptLegacyCase.execute({ actor: SYSTEM, caseId });
  });

  const cases = (): CaseStore => here.adapters.unitOfWork.stores(DEFAULT_TENANT_ID).cases;
  const follow = (
    userId: string | null,
    {
      actor = patient.actor,
      isAdopted = true,
      on = cases(),
    }: { readonly actor?: Actor; readonly isAdopted?: boolean; readonly on?: CaseStore } = {},
  ) => followLink(here.adapters, { cases: on }, { actor, stamped: [{ caseId, isAdopted }], userId });
  const found = () => cases().find(caseId, { kind: 'tenant' });

  it('become the patient’s, and nobody’s again, each with its event and its audit entry', async () => {
    await follow(patient.user.id);
    expect(await found()).to.include({ patientId: patient.user.id, version: 3, state: 'queued' });
    expect(await here.rows('legacyRequests')).to.have.nested.property('[0].ownerId', patient.user.id);
    expect(await cases().find(caseId, { kind: 'patient', patientId: patient.user.id })).not.to.equal(null);
    await follow(null, { actor: SYSTEM });
    expect(await found()).to.include({ patientId: null, version: 4, state: 'queued' });
    const events = (await here.rows('caseEvents')).slice(1);
    expect(events.map(({ type, actorId, actorRole }) => [type, actorId, actorRole])).to.deep.equal([
      ['linked', patient.user.id, 'patient'],
      ['unlinked', null, 'system'],
    ]);
    expect(await here.audited('cases.linked')).to.have.length(1);
    expect(await here.audited('cases.unlinked')).to.have.length(1);
  });

  it('stay as they are where they are whose they are to be, and where there is no workflow', async () => {
    await follow(null);
    await follow(patient.user.id, { isAdopted: false });
    expect(await found()).to.include({ patientId: null, version: 2 });
    await follow(patient.user.id);
    await follow(patient.user.id);
    expect(await found()).to.include({ patientId: patient.user.id, version: 3 });
  });

  it('follow also where somebody acts on them at the same moment, unless that never ends', async () => {
    const busy = (times: number): CaseStore => {
      let left = times;
      const store = cases();
      return withMethods<CaseStore>(store, {
        save: (change) => ((left -= 1) < 0 ? store.save(change) : Promise.resolve(false)),
      });
    };
    await follow(patient.user.id, { on: busy(4) });
    expect(await found()).to.include({ patientId: patient.user.id, version: 3 });
    expect(await refusalOf(follow(null, { on: busy(5) }))).to.be.instanceOf(CaseConflict);
  });
});
