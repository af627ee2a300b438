import { expect } from 'chai';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Unauthenticated } from '../../../../src/domain/access/errors.ts';
import type { Case } from '../../../../src/domain/cases/case.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { compose } from '../../../../src/main/compose.ts';
import { ANONYMOUS, anId, aPhysician, NOW, SYSTEM, systemOf } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const QUESTION = 'Is surgery needed for a torn meniscus?';

describe('GetCase', () => {
  let here: World;
  let patient: Member;
  let submitted: Case;

  beforeEach(async () => {
    here = world();
    patient = await here.patient();
    const { actor } = patient;
    const { view } = await here.app.cases.submitCase.execute({ actor, language: 'en', question: QUESTION });
    submitted = view.case;
    here.clock.advance(60);
  });

  const get = (actor: Actor, caseId = submitted.id) => here.app.cases.getCase.execute({ actor, caseId });
  const readings = () => here.audited('cases.text-read');

  /** A physician to whom the case is assigned. */
  async function assignee(): Promise<Member> {
    const member = await here.member('physician');
    const physician = aPhysician({ userId: member.user.id });
    await here.adapters.database.write((tables) => {
      tables.physicians.add(physician.id, physician);
      tables.cases.set(submitted.id, { ...submitted, state: 'assigned', physicianId: physician.id });
    });
    return member;
  }

  it('shows the patient his case with its text', async () => {
    const view = await get(patient.actor);
    expect(view?.case).to.deep.equal(submitted);
    const [message] = view?.conversation?.messages ?? [];
    expect(view?.conversation).to.deep.equal({
      question: QUESTION,
      answer: null,
      messages: [{ id: message?.id, kind: 'question', authorRole: 'patient', text: QUESTION, at: NOW }],
      reasons: [],
    });
  });

  it('shows the assignee the case with its text', async () => {
    const { actor } = await assignee();
    const view = await get(actor);
    expect(view?.case.state).to.equal('assigned');
    expect(view?.conversation?.question).to.equal(QUESTION);
  });

  it('shows the whole conversation, oldest first, and the latest answer', async () => {
    await assignee();
    const { textCipher, database } = here.adapters;
    for (const [index, kind] of (['answer', 'follow-up', 'amendment'] as const).entries()) {
      const id = anId();
      const place = { tenantId: submitted.tenantId, table: 'case_messages', column: 'body', rowId: id };
      const body = await textCipher.seal(place, `${kind} ${index}`);
      const at = addSeconds(NOW, index + 1);
      const message = {
        id,
        caseId: submitted.id,
        kind,
        authorRole: 'physician',
        authorId: null,
        body,
        at,
      } as const;
      await database.write((tables) => tables.caseMessages.add(id, message));
    }
    const conversation = (await get(patient.actor))?.conversation;
    expect(conversation?.messages.map(({ text }) => text)).to.deep.equal([
      QUESTION,
      'answer 0',
      'follow-up 1',
      'amendment 2',
    ]);
    expect(conversation).to.include({ question: QUESTION, answer: 'amendment 2' });
  });

  it('tells the trail of each reading of the text', async () => {
    const physician = await assignee();
    await get(patient.actor);
    await get(physician.actor);
    const entries = await readings();
    expect(entries.map(({ actor }) => actor)).to.deep.equal([
      { kind: 'user', id: patient.user.id },
      { kind: 'user', id: physician.user.id },
    ]);
    for (const entry of entries) {
      expect(entry).to.deep.include({
        tenantId: submitted.tenantId,
        subject: { type: 'case', id: submitted.id },
        at: here.clock.now(),
        details: {},
      });
    }
  });

  it('shows no text whose reading cannot be audited', async () => {
    const act = here.unauditedApp.cases.getCase.execute({ actor: patient.actor, caseId: submitted.id });
    expect(await faultOf(act)).to.have.property('message', AUDIT_FAULT);
    expect(await readings()).to.deep.equal([]);
  });

  it('shows an admin of the tenant, and the installation, the case without its text', async () => {
    const admin = await here.member('admin');
    for (const actor of [admin.actor, SYSTEM]) {
      expect(await get(actor)).to.deep.equal({ case: submitted, conversation: null });
    }
    expect(await readings()).to.deep.equal([]);
  });

  it('shows nothing to anybody else, and leaves no line about it', async () => {
    const clinic = await here.tenant();
    await assignee();
    const strangers = [
      await here.patient(),
      await here.member('physician'),
      await here.patient({ tenant: clinic }),
      await here.member('physician', { tenant: clinic }),
      await here.member('admin', { tenant: clinic }),
    ];
    for (const actor of [...strangers.map((stranger) => stranger.actor), systemOf(clinic.id)]) {
      expect(await get(actor)).to.equal(null);
    }
    expect(await readings()).to.deep.equal([]);
  });

  it('shows a physician a case that waits for somebody like him, without its text and its patient', async () => {
    const { actor } = await here.physician();
    expect(await get(actor)).to.deep.equal({ case: { ...submitted, patientId: null }, conversation: null });
    expect(await readings()).to.deep.equal([]);
    for (const other of [{ languagePreference: 'ru' }, { privatePool: 'north' }, { vacationMode: true }]) {
      expect(await get((await here.physician(other)).actor)).to.equal(null);
    }
  });

  it('shows a physician no case that is assigned to a colleague, nor any to whoever is only called one', async () => {
    const { actor } = await here.physician();
    expect(await get((await here.member('physician')).actor)).to.equal(null);
    await assignee();
    expect(await get(actor)).to.equal(null);
  });

  it('shows a physician who could take it a case of the queue, without its text and without whose it is', async () => {
    const eligible = await here.physician();
    expect(await get(eligible.actor)).to.deep.equal({
      case: { ...submitted, patientId: null },
      conversation: null,
    });
    expect(await readings()).to.deep.equal([]);
  });

  it('shows it also where he has as many cases as he takes, and not where it is not for him', async () => {
    const busy = await here.physician({ maxOpenCases: 1 });
    const { actor } = patient;
    const { view } = await here.app.cases.submitCase.execute({ actor, language: 'en', question: QUESTION });
    await here.app.cases.claimCase.execute({ actor: busy.actor, caseId: view.case.id });
    expect((await get(busy.actor))?.case.id).to.equal(submitted.id);
    for (const given of [{ vacationMode: true }, { privatePool: 'hearts' }, { languagePreference: 'he' }]) {
      expect(await get((await here.physician(given)).actor)).to.equal(null);
    }
  });

  it('shows no text to an assignee who loses the case while it is looked up', async () => {
    const { actor } = await here.physician();
    await here.app.cases.claimCase.execute({ actor, caseId: submitted.id });
    const before = (await readings()).length;
    const { unitOfWork } = here.adapters;
    const interrupted = compose({
      ...here.adapters,
      unitOfWork: {
        stores: (tenantId) => unitOfWork.stores(tenantId),
        run: async (tenantId, work) => {
          await here.app.cases.releaseCase.execute({ actor: SYSTEM, caseId: submitted.id });
          return unitOfWork.run(tenantId, work);
        },
      },
    });
    const view = await interrupted.cases.getCase.execute({ actor, caseId: submitted.id });
    expect(view?.case).to.include({ state: 'queued', patientId: null });
    expect(view?.conversation).to.equal(null);
    expect(await readings()).to.have.length(before);
  });

  it('shows one’s own case in one’s own tenant only', async () => {
    const { id: tenantId } = await here.tenant();
    expect(await get({ ...patient.actor, tenantId })).to.equal(null);
  });

  it('shows an anonymous case to admins only, without its text', async () => {
    const { view } = await here.app.cases.submitCase.execute({
      actor: ANONYMOUS,
      language: 'en',
      question: QUESTION,
    });
    const admin = await here.member('admin');
    expect(await get(admin.actor, view.case.id)).to.deep.equal({ case: view.case, conversation: null });
    expect(await get(patient.actor, view.case.id)).to.equal(null);
  });

  it('knows no case that was never there', async () => {
    expect(await get(patient.actor, anId())).to.equal(null);
    expect(await get(SYSTEM, anId())).to.equal(null);
  });

  it('is for those only who are signed in', async () => {
    expect(await refusalOf(get(ANONYMOUS))).to.be.instanceOf(Unauthenticated);
  });
});
