import { expect } from 'chai';
import type { CaseFilter } from '../../../../src/application/ports/stores/case-store.ts';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Unauthenticated } from '../../../../src/domain/access/errors.ts';
import type { PagePosition } from '../../../../src/domain/shared/page.ts';
import { ANONYMOUS, aPhysician, SYSTEM, systemOf } from '../../../support/builders.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const ALL: CaseFilter = { state: null, language: null, source: null };
const FIRST_PAGE = { limit: 100, after: null };

describe('ListCases', () => {
  let here: World;
  let patient: Member;

  beforeEach(async () => {
    here = world();
    patient = await here.patient();
  });

  const submit = async ({ actor }: { actor: Actor } = patient, language = 'en'): Promise<string> => {
    const question = 'Is surgery needed for a torn meniscus?';
    return (await here.app.cases.submitCase.execute({ actor, language, question })).view.case.id;
  };
  const list = async (actor: Actor, filter = ALL): Promise<readonly string[]> => {
    const { items } = await here.app.cases.listCases.execute({ actor, filter, page: FIRST_PAGE });
    return items.map(({ id }) => id);
  };

  it('shows a patient his own cases, newest first', async () => {
    const first = await submit();
    await submit(await here.patient());
    here.clock.advance(1);
    const second = await submit();
    expect(await list(patient.actor)).to.deep.equal([second, first]);
  });

  it('shows a physician those that are assigned to him, not those that wait', async () => {
    const [assigned] = [await submit(), await submit()];
    const [member, colleague] = [await here.member('physician'), await here.member('physician')];
    const physician = aPhysician({ userId: member.user.id });
    await here.adapters.database.write((tables) => {
      tables.physicians.add(physician.id, physician);
      const waiting = tables.cases.get(assigned)!;
      tables.cases.set(assigned, { ...waiting, state: 'assigned', physicianId: physician.id });
    });
    expect(await list(member.actor)).to.deep.equal([assigned]);
    expect(await list(colleague.actor)).to.deep.equal([]);
  });

  it('shows an admin, and the installation, all of the tenant, and none of another', async () => {
    const clinic = await here.tenant();
    const there = await submit(await here.patient({ tenant: clinic }));
    const own = [await submit(), await submit({ actor: ANONYMOUS })];
    const admin = await here.member('admin');
    const otherAdmin = await here.member('admin', { tenant: clinic });
    expect(await list(admin.actor)).to.have.members(own);
    expect(await list(SYSTEM)).to.have.members(own);
    expect(await list(otherAdmin.actor)).to.deep.equal([there]);
    expect(await list(systemOf(clinic.id))).to.deep.equal([there]);
  });

  it('shows cases without their text, so that no reading is in the trail', async () => {
    await submit();
    const { items } = await here.app.cases.listCases.execute({
      actor: patient.actor,
      filter: ALL,
      page: FIRST_PAGE,
    });
    expect(JSON.stringify(items)).not.to.contain('surgery');
    expect(await here.audited('cases.text-read')).to.deep.equal([]);
  });

  it('narrows by state and by language', async () => {
    const [english, hebrew] = [await submit(patient, 'en'), await submit(patient, 'he')];
    expect(await list(patient.actor, { ...ALL, language: 'he' })).to.deep.equal([hebrew]);
    expect(await list(patient.actor, { ...ALL, state: 'queued' })).to.have.members([english, hebrew]);
    expect(await list(patient.actor, { ...ALL, state: 'queued', language: 'en' })).to.deep.equal([english]);
    expect(await list(patient.actor, { ...ALL, state: 'closed' })).to.deep.equal([]);
  });

  it('goes from page to page, newest first, each case once', async () => {
    const added: string[] = [];
    for (let count = 0; count < 7; count += 1) {
      // Two at each moment, so that the id decides between them.
      if (count % 2 === 0) here.clock.advance(1);
      added.push(await submit());
    }
    const { listCases } = here.app.cases;
    const seen: string[] = [];
    let after: PagePosition | null = null;
    for (const expected of [3, 3, 1]) {
      const page = { limit: 3, after };
      const { items, next } = await listCases.execute({ actor: patient.actor, filter: ALL, page });
      expect(items).to.have.length(expected);
      seen.push(...items.map(({ id }) => id));
      after = next;
    }
    expect(after).to.equal(null);
    expect(seen).to.deep.equal(added.reverse());
  });

  it('is for those only who are signed in', async () => {
    expect(await refusalOf(list(ANONYMOUS))).to.be.instanceOf(Unauthenticated);
  });
});
