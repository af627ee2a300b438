import { expect } from 'chai';
import type { CaseMessageKind } from '../../../../src/domain/cases/case.ts';
import type { CaseEventType } from '../../../../src/domain/cases/case-event.ts';
import { CaseReasonRejected, CaseTextRejected } from '../../../../src/domain/cases/errors.ts';
import { SYSTEM } from '../../../support/builders.ts';
import { type CaseLife, caseLife, type CaseVerb, type GivenDeed, WORDS } from '../../../support/case-life.ts';
import type { ReachedState } from '../../../support/case-ways.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

/** The verbs that come with a text: in which state, as whose, and as what it is kept. */
const TEXTS: readonly (readonly [CaseVerb, ReachedState, 'patient' | 'physician', CaseMessageKind])[] = [
  ['ask-info', 'in_review', 'physician', 'info-request'],
  ['reply', 'info_requested', 'patient', 'reply'],
  ['answer', 'in_review', 'physician', 'answer'],
  ['amend', 'answered', 'physician', 'amendment'],
  ['follow-up', 'answered', 'patient', 'follow-up'],
];

/** The verbs that come with a reason: in which state, and as which event. */
const REASONS: readonly (readonly [CaseVerb, ReachedState, CaseEventType])[] = [
  ['release', 'in_review', 'released'],
  ['decline', 'in_review', 'declined'],
  ['cancel', 'queued', 'cancelled'],
  ['void', 'answered', 'voided'],
  ['assign', 'queued', 'assigned'],
  ['reassign', 'in_review', 'reassigned'],
];

const saying = (text: string): GivenDeed => ({ message: text, answer: text });

/** What can be read of records: octets as the characters that they are. */
const legible = (records: unknown): string =>
  JSON.stringify(records, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );

describe('What people write about a case', () => {
  let here: World;
  let life: CaseLife;

  beforeEach(async () => {
    here = world();
    life = await caseLife(here);
    here.clock.advance(60);
  });

  const readings = () => here.audited('cases.text-read');
  const expectIllegible = async (): Promise<void> => {
    const records = legible([await life.everything(), await here.rows('assignments')]);
    for (const words of Object.values(WORDS)) expect(records).not.to.contain(words);
  };

  for (const [verb, state, author, kind] of TEXTS) {
    describe(`with "${verb}"`, () => {
      it('is kept sealed, as one more text of the conversation', async () => {
        const { id } = await life.inState(state);
        const text = `${verb}: a text of its own`;
        await life.act(verb, id, saying(text));
        const message = (await here.rows('caseMessages')).at(-1);
        expect(message).to.deep.include({ caseId: id, kind, authorRole: author, at: here.clock.now() });
        expect(message?.authorId).to.equal(life[author].user.id);
        expect(legible(await life.everything())).not.to.contain(text);
        await expectIllegible();
      });

      it('is shown to its author at once, and this reading is in the trail', async () => {
        const { id } = await life.inState(state);
        const before = (await readings()).length;
        const text = '  “Why?” — \u05dc\u05de\u05d4\n🩺';
        const { conversation } = await life.act(verb, id, saying(text));
        expect(conversation?.messages.at(-1)).to.include({ kind, authorRole: author, text });
        expect(conversation?.question).to.equal(WORDS.question);
        const [entry, ...others] = (await readings()).slice(before);
        expect(others).to.deep.equal([]);
        expect(entry).to.deep.include({
          actor: { kind: 'user', id: life[author].user.id },
          subject: { type: 'case', id },
          details: {},
        });
      });

      it('is shown to both of them later', async () => {
        const { id } = await life.inState(state);
        await life.act(verb, id, saying('for the two of us'));
        for (const { actor } of [life.patient, life.physician]) {
          const view = await here.app.cases.getCase.execute({ actor, caseId: id });
          expect(view?.conversation?.messages.at(-1)).to.include({ kind, text: 'for the two of us' });
        }
      });

      it('may be 20,000 code points long, and is refused where it can be no text', async () => {
        const { id } = await life.inState(state);
        const before = await life.everything();
        for (const text of ['', ' \n\t', 'x'.repeat(20_001), 'a text\ud83e', 'a text\0']) {
          const refusal = await refusalOf(life.attempt(verb, id, saying(text)));
          expect(refusal).to.be.instanceOf(CaseTextRejected);
        }
        expect(await life.everything()).to.deep.equal(before);
        const { conversation } = await life.act(verb, id, saying('🩺'.repeat(20_000)));
        expect(conversation?.messages.at(-1)?.text === '🩺'.repeat(20_000)).to.equal(true);
      });
    });
  }

  it('shows the latest answer as the answer, and keeps the former ones', async () => {
    const { id } = await life.inState('in_review');
    await life.act('answer', id, { answer: 'first' });
    await life.act('amend', id, { answer: 'second' });
    const { conversation } = await life.act('amend', id, { answer: 'third' });
    expect(conversation?.answer).to.equal('third');
    const answers = conversation?.messages.slice(1).map(({ kind, text }) => [kind, text]);
    expect(answers).to.deep.equal([
      ['answer', 'first'],
      ['amendment', 'second'],
      ['amendment', 'third'],
    ]);
  });

  for (const [verb, state, event] of REASONS) {
    describe(`as the reason to ${verb}`, () => {
      it('is kept sealed, with its event', async () => {
        const { id } = await life.inState(state);
        await life.act(verb, id, { reason: WORDS.reason });
        const last = (await life.eventsOf(id)).at(-1);
        expect(last?.type).to.equal(event);
        const { textCipher, unitOfWork } = here.adapters;
        const { tenantId } = await life.stored(id);
        const reason = (await unitOfWork.stores(tenantId).cases.listReasons(id)).at(-1);
        expect(reason).to.include({ eventId: last?.id, type: event });
        const place = { tenantId, table: 'case_reasons', column: 'body', rowId: last!.id };
        expect(await textCipher.open(place, reason!.body)).to.equal(WORDS.reason);
        await expectIllegible();
      });

      it('may be 1,000 code points long, and is refused where it can be none', async () => {
        const { id } = await life.inState(state);
        const before = await life.everything();
        for (const reason of ['', ' \n\t', 'x'.repeat(1001), 'a reason\ud83e', 'a reason\0']) {
          expect(await refusalOf(life.attempt(verb, id, { reason }))).to.be.instanceOf(CaseReasonRejected);
        }
        expect(await life.everything()).to.deep.equal(before);
        await life.act(verb, id, { reason: '🩺'.repeat(1000) });
      });
    });
  }

  it('need not be given to release a case', async () => {
    const { id } = await life.inState('assigned');
    await life.act('release', id);
    expect(await here.rows('caseReasons')).to.deep.equal([]);
  });

  describe('as a reason, is shown', () => {
    const reasonsShownTo = async ({ actor }: CaseLife['patient'], caseId: string) => {
      const view = await here.app.cases.getCase.execute({ actor, caseId });
      return view?.conversation?.reasons.map(({ type, actorRole, text }) => [type, actorRole, text]);
    };

    it('whole to whoever has the case, and to the patient not at all while it goes on', async () => {
      const { id } = await life.inState('assigned');
      await life.act('release', id, { reason: 'not my field' });
      await life.act('assign', id, { reason: 'yours', physicianId: life.physician.physician.id });
      expect(await reasonsShownTo(life.physician, id)).to.deep.equal([
        ['released', 'physician', 'not my field'],
        ['assigned', 'admin', 'yours'],
      ]);
      expect(await reasonsShownTo(life.patient, id)).to.deep.equal([]);
    });

    it('to the patient where his case ended by it', async () => {
      const declined = await life.inState('assigned');
      await life.act('decline', declined.id, { reason: 'too rare' });
      expect(await reasonsShownTo(life.patient, declined.id)).to.deep.equal([
        ['declined', 'physician', 'too rare'],
      ]);
      const { id } = await life.inState('in_review');
      const { actor } = life.admin;
      await life.act('cancel', id, { reason: 'by telephone', actor });
      expect(await reasonsShownTo(life.patient, id)).to.deep.equal([['cancelled', 'admin', 'by telephone']]);
    });
  });

  describe('is shown by an act', () => {
    const expectShown = async (
      isShown: boolean,
      verb: CaseVerb,
      state: ReachedState,
      deed: GivenDeed = {},
    ): Promise<void> => {
      const { id } = await life.inState(state);
      const before = (await readings()).length;
      const { conversation } = await life.act(verb, id, deed);
      expect(conversation !== null, `${verb} in ${state}`).to.equal(isShown);
      expect((await readings()).length - before, `${verb} in ${state}`).to.equal(isShown ? 1 : 0);
    };

    it('to the physician while he has the case', async () => {
      await expectShown(true, 'claim', 'queued');
      await expectShown(true, 'start', 'assigned');
      await expectShown(false, 'release', 'in_review');
      await expectShown(false, 'decline', 'assigned');
    });

    it('to the patient always', async () => {
      await expectShown(true, 'close', 'answered');
      await expectShown(true, 'cancel', 'assigned');
    });

    it('to admins and to the installation never', async () => {
      for (const { actor } of [life.admin, { actor: SYSTEM }]) {
        await expectShown(false, 'assign', 'queued', { actor });
        await expectShown(false, 'reassign', 'in_review', { actor });
        await expectShown(false, 'release', 'in_review', { actor });
        await expectShown(false, 'cancel', 'in_review', { actor });
        await expectShown(false, 'void', 'answered', { actor });
      }
    });
  });
});
