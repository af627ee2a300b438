import { expect } from 'chai';
import type { QueuePosition } from '../../../../src/application/ports/stores/case-store.ts';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { ANONYMOUS, SYSTEM, systemOf } from '../../../support/builders.ts';
import { type CaseLife, caseLife, WORDS } from '../../../support/case-life.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

describe('ListQueue', () => {
  let here: World;
  let life: CaseLife;

  beforeEach(async () => {
    here = world();
    life = await caseLife(here);
  });

  const look = (
    actor: Actor,
    given: { language?: string; limit?: number; after?: QueuePosition | null } = {},
  ) => {
    const { language = null, limit = 100, after = null } = given;
    return here.app.cases.listQueue.execute({ actor, filter: { language }, limit, after });
  };
  const idsFor = async (actor: Actor, given = {}) => (await look(actor, given)).items.map(({ id }) => id);

  it('shows a physician what he could claim now, and when it was looked at, without whose cases they are', async () => {
    const submitted = await life.submit({ specialty: 'orthopaedics', priority: 'urgent' });
    here.clock.advance(600);
    const { items, next, at } = await look(life.physician.actor);
    expect(items).to.deep.equal([{ ...submitted, patientId: null }]);
    expect(next).to.equal(null);
    expect(at).to.deep.equal(here.clock.now());
  });

  it('shows an admin, and the installation, the whole queue of the tenant, with whose cases they are', async () => {
    const submitted = [
      await life.submit(),
      await life.submit({ language: 'fr' }),
      await life.submit({ actor: ANONYMOUS }),
    ];
    const tenant = await here.tenant();
    const elsewhere = await life.submit({ actor: (await here.patient({ tenant })).actor });
    for (const actor of [life.admin.actor, SYSTEM]) {
      expect((await look(actor)).items).to.deep.equal(submitted);
    }
    expect(await idsFor(systemOf(tenant.id))).to.deep.equal([elsewhere.id]);
  });

  it('shows no text, so that no reading is in the trail', async () => {
    await life.submit();
    for (const { actor } of [life.physician, life.admin]) {
      expect(JSON.stringify(await look(actor))).not.to.contain(WORDS.question);
    }
    expect(await here.audited('cases.text-read')).to.deep.equal([]);
  });

  it('goes by priority, then by due time, then by submission', async () => {
    const [routine, urgent] = [await life.submit(), await life.submit({ priority: 'urgent' })];
    here.clock.advance(60);
    const [asap, late] = [await life.submit({ priority: 'asap' }), await life.submit({ priority: 'urgent' })];
    for (const { actor } of [life.physician, life.admin]) {
      expect(await idsFor(actor)).to.deep.equal([asap.id, urgent.id, late.id, routine.id]);
    }
  });

  it('keeps what was given back in the place of its due time', async () => {
    const first = await life.inState('in_review');
    here.clock.advance(60);
    const second = await life.submit();
    await life.act('release', first.id);
    expect(await idsFor(life.physician.actor)).to.deep.equal([first.id, second.id]);
  });

  it('shows nothing but what waits', async () => {
    const { id } = await life.submit();
    for (const state of ['assigned', 'answered', 'declined', 'cancelled', 'void'] as const) {
      await life.inState(state);
    }
    for (const { actor } of [life.colleague, life.admin]) expect(await idsFor(actor)).to.deep.equal([id]);
  });

  it('shows a physician what his pool and his languages let him take', async () => {
    const hearts = await here.tenant({ privatePool: 'hearts' });
    const patient = await here.patient({ tenant: hearts });
    const pooled = await life.submit({ actor: patient.actor });
    const hebrew = await life.submit({ language: 'he' });
    const british = await life.submit({ language: 'en-GB' });
    expect(await idsFor((await here.physician()).actor)).to.deep.equal([british.id]);
    const bilingual = await here.physician({ languages: ['he'] });
    expect(await idsFor(bilingual.actor)).to.deep.equal([hebrew.id, british.id]);
    const closed = await here.physician({ privatePool: 'hearts' });
    expect(await idsFor(closed.actor)).to.deep.equal([pooled.id]);
    const own = await here.physician({ tenant: hearts });
    expect(await idsFor(own.actor)).to.deep.equal([]);
  });

  describe('is empty for a physician who', () => {
    beforeEach(async () => {
      await life.submit();
    });

    const expectEmpty = async (actor: Actor) => {
      const { items, next } = await look(actor);
      expect({ items, next }).to.deep.equal({ items: [], next: null });
      expect(await idsFor(life.physician.actor)).to.have.length(1);
    };

    it('is on vacation', async () => {
      await expectEmpty((await here.physician({ vacationMode: true })).actor);
    });

    it('was disabled, or has another role by now', async () => {
      for (const changes of [{ isActive: false }, { role: 'patient' }] as const) {
        const { actor, user } = await here.physician();
        await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: user.id, changes });
        await expectEmpty(actor);
      }
    });

    it('has as many open cases as he takes', async () => {
      const { actor } = await here.physician({ maxOpenCases: 1 });
      const { id } = await life.submit();
      expect(await idsFor(actor)).to.have.length(2);
      await life.act('claim', id, { actor });
      await expectEmpty(actor);
    });

    it('was made a physician by nobody', async () => {
      await expectEmpty((await here.member('physician')).actor);
    });
  });

  it('narrows by language', async () => {
    const bilingual = await here.physician({ languages: ['he'] });
    await life.submit();
    const hebrew = await life.submit({ language: 'he' });
    for (const { actor } of [bilingual, life.admin]) {
      expect(await idsFor(actor, { language: 'he' })).to.deep.equal([hebrew.id]);
    }
  });

  it('goes from page to page, each case once', async () => {
    const added: string[] = [];
    for (let count = 0; count < 7; count += 1) {
      // Two at each moment, so that the id decides between them.
      if (count % 2 === 0) here.clock.advance(1);
      added.push((await life.submit()).id);
    }
    for (const { actor } of [life.physician, life.admin]) {
      const seen: string[] = [];
      let after: QueuePosition | null = null;
      for (const expected of [3, 3, 1]) {
        const { items, next } = await look(actor, { limit: 3, after });
        expect(items).to.have.length(expected);
        seen.push(...items.map(({ id }) => id));
        after = next;
      }
      expect(after).to.equal(null);
      expect(seen).to.deep.equal(added);
    }
  });

  it('is not for patients, nor for those who are not signed in', async () => {
    expect(await refusalOf(look(life.patient.actor))).to.be.instanceOf(Forbidden);
    expect(await refusalOf(look(ANONYMOUS))).to.be.instanceOf(Unauthenticated);
  });
});
