import { expect } from 'chai';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import type { BreakGlassGrant } from '../../../../src/domain/cases/break-glass.ts';
import { CaseReasonRejected, GrantReviewed, OutcomeRejected } from '../../../../src/domain/cases/errors.ts';
import { ANONYMOUS, anId, SYSTEM } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const REASON = 'The patient asks for a correction.';
const REVIEW = { outcome: 'justified', note: 'He called, and we talked it over.' };
const FIRST_PAGE = { limit: 25, after: null };

describe('The review of break-glass grants', () => {
  let here: World;
  let patient: Member;
  let admin: Member;
  let colleague: Member;
  let caseId: string;

  beforeEach(async () => {
    here = world();
    [patient, admin] = [await here.patient(), await here.member('admin')];
    colleague = await here.member('admin');
    const submission = { actor: patient.actor, language: 'en', question: 'Is it so?' };
    caseId = (await here.app.cases.submitCase.execute(submission)).view.case.id;
  });

  async function breakGlass(actor: Actor = admin.actor): Promise<BreakGlassGrant> {
    return (await here.app.cases.breakGlass.execute({ actor, caseId, reason: REASON }))!;
  }
  const review = (grantId: string, actor: Actor = colleague.actor, given: Partial<typeof REVIEW> = {}) =>
    here.app.cases.reviewGrant.execute({ actor, grantId, ...REVIEW, ...given });
  const list = (actor: Actor = admin.actor, page = FIRST_PAGE) =>
    here.app.cases.listGrants.execute({ actor, page });
  const disable = (member: Member) =>
    here.app.identity.updateUser.execute({
      actor: SYSTEM,
      userId: member.user.id,
      changes: { isActive: false },
    });

  describe('ListGrants', () => {
    it('shows admins every grant with its reason and its review, newest first', async () => {
      const first = await breakGlass();
      here.clock.advance(60);
      const second = await breakGlass(colleague.actor);
      await review(first.id);
      const { items, next } = await list();
      expect(next).to.equal(null);
      expect(items.map(({ id, reason, note, adminId }) => ({ id, reason, note, adminId }))).to.deep.equal([
        { id: second.id, reason: REASON, note: null, adminId: colleague.user.id },
        { id: first.id, reason: REASON, note: REVIEW.note, adminId: admin.user.id },
      ]);
      expect(items.map((item) => item.review?.outcome)).to.deep.equal([undefined, 'justified']);
    });

    it('leaves a line in the trail for each page, which says how many were read', async () => {
      await breakGlass();
      await list();
      await list(SYSTEM);
      const entries = await here.audited('cases.grants-read');
      expect(entries.map(({ actor, details, subject }) => ({ actor, details, subject }))).to.deep.equal([
        { actor: { kind: 'user', id: admin.user.id }, subject: null, details: { count: 1 } },
        { actor: { kind: 'system' }, subject: null, details: { count: 1 } },
      ]);
    });

    it('shows nothing that cannot be audited', async () => {
      await breakGlass();
      const listing = here.unauditedApp.cases.listGrants.execute({ actor: admin.actor, page: FIRST_PAGE });
      expect(await faultOf(listing)).to.have.property('message', AUDIT_FAULT);
    });

    it('goes on where the page before ended', async () => {
      const [first, second] = [await breakGlass(), await breakGlass()];
      const page = await list(admin.actor, { limit: 1, after: null });
      expect(page.items.map(({ id }) => id)).to.deep.equal([second.id]);
      const after = await here.app.cases.listGrants.execute({
        actor: admin.actor,
        page: { limit: 1, after: page.next },
      });
      expect(after.items.map(({ id }) => id)).to.deep.equal([first.id]);
      expect(after.next).to.equal(null);
    });

    it("shows none of another tenant's", async () => {
      await breakGlass();
      const stranger = await here.member('admin', { tenant: await here.tenant() });
      expect(await list(stranger.actor)).to.deep.equal({ items: [], next: null });
    });

    it('is for admins, and for the installation itself', async () => {
      const { id } = await breakGlass();
      expect((await list(SYSTEM)).items.map((item) => item.id)).to.deep.equal([id]);
      for (const { actor } of [patient, await here.physician()]) {
        expect(await refusalOf(list(actor))).to.be.instanceOf(Forbidden);
      }
      expect(await refusalOf(list(ANONYMOUS))).to.be.instanceOf(Unauthenticated);
    });
  });

  describe('ReviewGrant', () => {
    it('keeps what a colleague says of it, and shows it', async () => {
      const grant = await breakGlass();
      here.clock.advance(7200);
      const reviewed = await review(grant.id);
      const at = here.clock.now();
      expect(reviewed).to.deep.include({
        ...grant,
        review: { reviewerId: colleague.user.id, outcome: 'justified', at },
        reason: REASON,
        note: REVIEW.note,
      });
      expect((await list()).items).to.deep.equal([reviewed]);
    });

    it('tells the trail, without a word of it', async () => {
      const { id } = await breakGlass();
      await review(id);
      const entries = await here.audited('cases.glass-reviewed');
      expect(entries).to.have.length(1);
      expect(entries[0]).to.deep.include({
        tenantId: admin.user.tenantId,
        actor: { kind: 'user', id: colleague.user.id },
        subject: { type: 'case', id: caseId },
        at: here.clock.now(),
        details: { grant: id },
      });
      expect(JSON.stringify(entries)).to.not.contain(REVIEW.note);
    });

    it('keeps the note sealed', async () => {
      const { id } = await breakGlass();
      await review(id);
      const [stored] = await here.rows('breakGlassGrants');
      expect(Buffer.from(stored!.note!.bytes).toString('latin1')).to.not.contain('called');
      const { tenantId } = admin.user;
      const place = { tenantId, table: 'break_glass_grants', column: 'note', rowId: id };
      expect(await here.adapters.textCipher.open(place, stored!.note!)).to.equal(REVIEW.note);
    });

    it('ends no grant: its hour goes on', async () => {
      const { id } = await breakGlass();
      await review(id);
      const view = await here.app.cases.getCase.execute({ actor: admin.actor, caseId });
      expect(view?.conversation?.question).to.equal('Is it so?');
    });

    it('is made once: the second one is refused, and changes nothing', async () => {
      const { id } = await breakGlass();
      const third = await here.member('admin');
      const first = await review(id);
      for (const { actor } of [colleague, third]) {
        const second = review(id, actor, { outcome: 'unjustified' });
        expect(await refusalOf(second)).to.be.instanceOf(GrantReviewed);
      }
      expect((await list()).items).to.deep.equal([first]);
      expect(await here.audited('cases.glass-reviewed')).to.have.length(1);
    });

    it('is made by one of many at once', async () => {
      const { id } = await breakGlass();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) =>
          review(id, colleague.actor, { outcome: `outcome ${String(index)}` }),
        ),
      );
      const done = outcomes.filter(({ status }) => status === 'fulfilled');
      expect(done).to.have.length(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).to.be.instanceOf(GrantReviewed);
      }
      expect(await here.audited('cases.glass-reviewed')).to.have.length(1);
    });

    it('of one’s own grant is refused where a colleague is there to do it', async () => {
      const { id } = await breakGlass();
      expect(await refusalOf(review(id, admin.actor))).to.be.instanceOf(Forbidden);
      expect((await list()).items[0]?.review).to.equal(null);
      expect(await here.audited('cases.glass-reviewed')).to.deep.equal([]);
    });

    it('of one’s own grant is taken where nobody else could do it', async () => {
      await disable(colleague);
      await here.member('admin', { tenant: await here.tenant() });
      const { id } = await breakGlass();
      expect((await review(id, admin.actor))?.review?.reviewerId).to.equal(admin.user.id);
    });

    it('is not kept where it cannot be audited', async () => {
      const { id } = await breakGlass();
      const command = { actor: colleague.actor, grantId: id, ...REVIEW };
      const reviewing = here.unauditedApp.cases.reviewGrant.execute(command);
      expect(await faultOf(reviewing)).to.have.property('message', AUDIT_FAULT);
      expect((await list()).items[0]?.review).to.equal(null);
    });

    for (const [what, text] of [
      ['empty', ''],
      ['blank', ' \n\t'],
      ['too long', 'x'.repeat(1001)],
      ['ill-formed', 'a word\ud83e'],
      ['text with NUL', 'a word\0'],
    ] as const) {
      it(`takes no outcome and no note that is ${what}`, async () => {
        const { id } = await breakGlass();
        const byOutcome = review(id, colleague.actor, { outcome: text });
        expect(await refusalOf(byOutcome)).to.be.instanceOf(OutcomeRejected);
        const byNote = review(id, colleague.actor, { note: text });
        expect(await refusalOf(byNote)).to.be.instanceOf(CaseReasonRejected);
        expect((await list()).items[0]?.review).to.equal(null);
      });
    }

    it('takes an outcome of 100 code points and a note of 1,000, and no longer ones', async () => {
      const { id } = await breakGlass();
      const long = review(id, colleague.actor, { outcome: '🩺'.repeat(101) });
      expect(await refusalOf(long)).to.be.instanceOf(OutcomeRejected);
      const texts = { outcome: '🩺'.repeat(100), note: '🩺'.repeat(1000) };
      expect(await review(id, colleague.actor, texts)).to.include({ note: texts.note });
    });

    it('knows no grant of another tenant, nor one that never was', async () => {
      const { id } = await breakGlass();
      const stranger = await here.member('admin', { tenant: await here.tenant() });
      expect(await review(id, stranger.actor)).to.equal(null);
      expect(await review(anId())).to.equal(null);
      expect((await list()).items[0]?.review).to.equal(null);
    });

    it('is for admins only, who are people', async () => {
      const { id } = await breakGlass();
      for (const { actor } of [patient, await here.physician()]) {
        expect(await refusalOf(review(id, actor))).to.be.instanceOf(Forbidden);
      }
      for (const actor of [ANONYMOUS, SYSTEM]) {
        expect(await refusalOf(review(id, actor))).to.be.instanceOf(Unauthenticated);
      }
    });
  });
});
