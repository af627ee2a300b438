import { expect } from 'chai';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Unauthenticated } from '../../../../src/domain/access/errors.ts';
import type { CaseEvent } from '../../../../src/domain/cases/case-event.ts';
import type { PagePosition } from '../../../../src/domain/shared/page.ts';
import { ANONYMOUS, anId, SYSTEM, systemOf } from '../../../support/builders.ts';
import { type CaseLife, caseLife, WORDS } from '../../../support/case-life.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

describe('ListCaseEvents', () => {
  let here: World;
  let life: CaseLife;

  beforeEach(async () => {
    here = world();
    life = await caseLife(here);
  });

  const list = (actor: Actor, caseId: string, page = { limit: 100, after: null as PagePosition | null }) =>
    here.app.cases.listCaseEvents.execute({ actor, caseId, page });

  it('shows the patient, the assignee, admins and the installation what happened, newest first', async () => {
    const { id } = await life.inState('answered');
    await life.inState('in_review');
    for (const actor of [life.patient.actor, life.physician.actor, life.admin.actor, SYSTEM]) {
      const { items, next } = (await list(actor, id))!;
      expect(items.map(({ type, version, actorRole }) => [type, version, actorRole])).to.deep.equal([
        ['answered', 4, 'physician'],
        ['started', 3, 'physician'],
        ['claimed', 2, 'physician'],
        ['submitted', 1, 'patient'],
      ]);
      expect(next).to.equal(null);
    }
  });

  it('shows no text and no reason, so that no reading is in the trail', async () => {
    const { id } = await life.inState('declined');
    const before = (await here.audited('cases.text-read')).length;
    const shown = JSON.stringify(await list(life.patient.actor, id));
    for (const words of Object.values(WORDS)) expect(shown).not.to.contain(words);
    expect(await here.audited('cases.text-read')).to.have.length(before);
  });

  it('goes from page to page, also where all came about at one moment', async () => {
    const { id } = await life.inState('closed');
    const seen: CaseEvent[] = [];
    let after: PagePosition | null = null;
    for (const expected of [2, 2, 1]) {
      const page = await list(life.patient.actor, id, { limit: 2, after });
      expect(page?.items).to.have.length(expected);
      seen.push(...page!.items);
      after = page!.next;
    }
    expect(after).to.equal(null);
    expect(seen.map(({ version }) => version)).to.deep.equal([5, 4, 3, 2, 1]);
  });

  it('shows nothing to anybody else, and nothing of a case that is seen in the queue only', async () => {
    const { id } = await life.submit();
    const tenant = await here.tenant();
    const strangers = [
      life.physician,
      await here.patient(),
      await here.patient({ tenant }),
      await here.physician({ tenant }),
      await here.member('admin', { tenant }),
    ];
    for (const actor of [...strangers.map((stranger) => stranger.actor), systemOf(tenant.id)]) {
      expect(await list(actor, id)).to.equal(null);
    }
    expect(await list(life.patient.actor, anId())).to.equal(null);
    expect(
      (await here.app.cases.getCase.execute({ actor: life.physician.actor, caseId: id }))?.case.id,
    ).to.equal(id);
  });

  it('shows a physician nothing more of a case that he gave back', async () => {
    const { id } = await life.inState('assigned');
    await life.act('release', id, { reason: 'Not my field.' });
    expect(await list(life.physician.actor, id)).to.equal(null);
  });

  it('is for those only who are signed in', async () => {
    const { id } = await life.submit();
    expect(await refusalOf(list(ANONYMOUS, id))).to.be.instanceOf(Unauthenticated);
  });
});
