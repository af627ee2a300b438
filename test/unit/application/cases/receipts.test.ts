import { expect } from 'chai';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import type { Case } from '../../../../src/domain/cases/case.ts';
import { ReceiptUnknown, SubmissionHidden } from '../../../../src/domain/cases/errors.ts';
import { ANONYMOUS, SYSTEM } from '../../../support/builders.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const QUESTION = 'Is surgery needed for a torn meniscus?';
const DAY = 24 * 3600;

describe('The receipt of an anonymous case', () => {
  let here: World;
  let patient: Member;
  let receipt: string;
  let caseId: string;

  beforeEach(async () => {
    here = world();
    patient = await here.patient();
    ({ receipt, caseId } = await submit());
  });

  async function submit(): Promise<{ readonly receipt: string; readonly caseId: string }> {
    const submission = { actor: ANONYMOUS, language: 'en', question: QUESTION };
    const { view, receipt: given } = await here.app.cases.submitCase.execute(submission);
    return { receipt: given!, caseId: view.case.id };
  }
  const show = (given = receipt) => here.app.cases.readReceipt.execute({ receipt: given });
  const adopt = (receipts: readonly string[] = [receipt], actor: Actor = patient.actor) =>
    here.app.cases.adoptCases.execute({ actor, receipts });
  const runTimers = () => here.app.cases.runCaseTimers.execute({ actor: SYSTEM });
  const caseOf = async (id = caseId): Promise<Case> =>
    (await here.rows('cases')).find((row) => row.id === id)!;
  const expectUnknown = async (given = receipt) => {
    expect(await refusalOf(show(given))).to.be.instanceOf(ReceiptUnknown);
  };

  describe('shows', () => {
    it('how the case stands, and whether it is answered', async () => {
      const { actor } = await here.physician();
      const { cases } = here.app;
      expect(await show()).to.deep.equal({ state: 'queued', answered: false });
      await cases.claimCase.execute({ actor, caseId });
      expect(await show()).to.deep.equal({ state: 'assigned', answered: false });
      await cases.startCase.execute({ actor, caseId });
      await cases.answerCase.execute({ actor, caseId, answer: 'It is not.' });
      expect(await show()).to.deep.equal({ state: 'answered', answered: true });
    });

    it('nothing more than that, and leaves no line about it', async () => {
      const before = await here.audited();
      expect(await show()).to.have.all.keys('state', 'answered');
      expect(await here.audited()).to.deep.equal(before);
    });

    it('what became of it for 24 hours, and nothing from then on', async () => {
      here.clock.advance(DAY - 0.001);
      expect(await show()).to.deep.equal({ state: 'queued', answered: false });
      here.clock.advance(0.001);
      await expectUnknown();
    });

    it('nothing of what was never given out', async () => {
      for (const given of ['', 'nonsense', 'x'.repeat(100), receipt.slice(1), `${receipt}=`, ` ${receipt}`]) {
        await expectUnknown(given);
      }
    });

    it('nothing of a case that was adopted, or voided', async () => {
      await adopt();
      await expectUnknown();
      const other = await submit();
      const { actor } = await here.member('admin');
      await here.app.cases.voidCase.execute({ actor, caseId: other.caseId, reason: 'Nonsense.' });
      await expectUnknown(other.receipt);
    });

    it('the same case to whoever submits it again with its key', async () => {
      const again = {
        actor: ANONYMOUS,
        language: 'en',
        question: QUESTION,
        idempotency: { key: 'a-key', fingerprint: 'the request', sender: '192.0.2.7' },
      };
      const first = await here.app.cases.submitCase.execute(again);
      const second = await here.app.cases.submitCase.execute(again);
      expect(second.receipt).to.equal(first.receipt);
      expect(second.view.case.id).to.equal(first.view.case.id);
      await adopt([first.receipt!]);
      const third = await faultOf(here.app.cases.submitCase.execute(again));
      expect(third, 'once it is somebody’s').to.be.instanceOf(SubmissionHidden);
    });
  });

  describe('makes the case a patient’s', () => {
    it('who reads it from then on, with its text', async () => {
      expect(await adopt()).to.deep.equal([caseId]);
      const view = await here.app.cases.getCase.execute({ actor: patient.actor, caseId });
      expect(view?.case).to.include({ patientId: patient.user.id, state: 'queued', version: 2 });
      expect(view?.conversation?.question).to.equal(QUESTION);
    });

    it('with an event and a line in the trail', async () => {
      here.clock.advance(60);
      await adopt();
      const events = await here.rows('caseEvents');
      const event = events.at(-1);
      expect(event).to.deep.equal({
        id: event?.id,
        caseId,
        type: 'adopted',
        from: 'queued',
        to: 'queued',
        version: 2,
        actorId: patient.user.id,
        actorRole: 'patient',
        at: here.clock.now(),
      });
      const [entry, ...more] = await here.audited('cases.adopted');
      expect(more).to.deep.equal([]);
      expect(entry).to.deep.include({
        tenantId: patient.user.tenantId,
        actor: { kind: 'user', id: patient.user.id },
        subject: { type: 'case', id: caseId },
        at: here.clock.now(),
      });
    });

    it('without a change for whoever works on it', async () => {
      const physician = await here.physician();
      const { cases } = here.app;
      await cases.claimCase.execute({ actor: physician.actor, caseId });
      await cases.startCase.execute({ actor: physician.actor, caseId });
      const before = await caseOf();
      await adopt();
      expect(await caseOf()).to.deep.equal({
        ...before,
        patientId: patient.user.id,
        version: before.version + 1,
        updatedAt: here.clock.now(),
      });
      await cases.answerCase.execute({ actor: physician.actor, caseId, answer: 'It is not.' });
      const view = await cases.getCase.execute({ actor: patient.actor, caseId });
      expect(view?.conversation?.answer).to.equal('It is not.');
    });

    it('once: whoever has it next gets nothing', async () => {
      const other = await here.patient();
      await adopt();
      expect(await adopt()).to.deep.equal([]);
      expect(await adopt([receipt], other.actor)).to.deep.equal([]);
      expect(await caseOf()).to.include({ patientId: patient.user.id, version: 2 });
    });

    it('once, however many try at the same moment', async () => {
      const people = [patient];
      while (people.length < 10) people.push(await here.patient());
      const adopted = await Promise.all(people.map(({ actor }) => adopt([receipt], actor)));
      expect(adopted.filter((cases) => cases.length > 0)).to.deep.equal([[caseId]]);
      const winner = people[adopted.findIndex((cases) => cases.length > 0)]!;
      expect(await caseOf()).to.include({ patientId: winner.user.id, version: 2 });
      expect(await here.audited('cases.adopted')).to.have.length(1);
    });

    it('several at once, each once, past those that do not count', async () => {
      const other = await submit();
      const spent = await submit();
      await adopt([spent.receipt]);
      const receipts = [other.receipt, 'nonsense', receipt, spent.receipt, other.receipt];
      expect(await adopt(receipts)).to.have.members([caseId, other.caseId]);
      expect(await adopt([])).to.deep.equal([]);
    });

    it('for 24 hours, whatever has become of it', async () => {
      const late = await submit();
      const { actor } = await here.member('admin');
      await here.app.cases.cancelCase.execute({ actor, caseId, reason: 'It came twice.' });
      here.clock.advance(DAY - 0.001);
      expect(await adopt()).to.deep.equal([caseId]);
      expect(await caseOf()).to.include({ state: 'cancelled', patientId: patient.user.id });
      here.clock.advance(0.001);
      expect(await adopt([late.receipt])).to.deep.equal([]);
      expect(await caseOf(late.caseId)).to.include({ patientId: null, version: 1 });
    });

    it('but never one that was voided', async () => {
      const { actor } = await here.member('admin');
      await here.app.cases.voidCase.execute({ actor, caseId, reason: 'Nonsense.' });
      expect(await adopt()).to.deep.equal([]);
      expect(await caseOf()).to.include({ state: 'void', patientId: null });
    });

    it('but not that of another tenant', async () => {
      const stranger = await here.patient({ tenant: await here.tenant() });
      expect(await adopt([receipt], stranger.actor)).to.deep.equal([]);
      expect(await caseOf()).to.include({ patientId: null });
      expect(await adopt()).to.deep.equal([caseId]);
    });
  });

  it('is adopted by patients only', async () => {
    for (const { actor } of [await here.physician(), await here.member('admin')]) {
      expect(await refusalOf(adopt([receipt], actor))).to.be.instanceOf(Forbidden);
    }
    for (const actor of [ANONYMOUS, SYSTEM]) {
      expect(await refusalOf(adopt([receipt], actor))).to.be.instanceOf(Unauthenticated);
    }
    expect(await adopt()).to.deep.equal([caseId]);
  });

  describe('that nobody has used', () => {
    it('lets its case expire after 24 hours', async () => {
      here.clock.advance(DAY - 0.001);
      await runTimers();
      expect((await caseOf()).state).to.equal('queued');
      here.clock.advance(0.001);
      await runTimers();
      expect((await caseOf()).state).to.equal('expired');
      expect(await here.audited('cases.expired')).to.have.length(1);
    });

    it('lets a case expire that somebody works on, and takes it from him', async () => {
      const { actor } = await here.physician();
      await here.app.cases.claimCase.execute({ actor, caseId });
      await here.app.cases.startCase.execute({ actor, caseId });
      here.clock.advance(DAY);
      await runTimers();
      expect(await caseOf()).to.include({ state: 'expired', physicianId: null });
    });
  });

  it('that was used keeps its case alive', async () => {
    await adopt();
    here.clock.advance(DAY);
    await runTimers();
    expect((await caseOf()).state).to.equal('queued');
    expect(await here.audited('cases.expired')).to.deep.equal([]);
  });
});
