import { expect } from 'chai';
import type { SubmitCaseCommand } from '../../../../src/application/cases/submit-case.ts';
import { ConfiguredVendors } from '../../../../src/adapters/vendors/configured-vendors.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { CaseTextRejected, SubmissionHidden } from '../../../../src/domain/cases/errors.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { ANONYMOUS, anonymousAt, aUserActor, NOW, SYSTEM } from '../../../support/builders.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const QUESTION = 'Is surgery needed for a torn meniscus?';
const CASE_TABLES = ['cases', 'caseMessages', 'caseEvents', 'caseReceipts'] as const;

describe('SubmitCase', () => {
  let here: World;
  let patient: Member;

  beforeEach(async () => {
    here = world();
    patient = await here.patient();
  });

  const commandOf = (given: Partial<SubmitCaseCommand> = {}): SubmitCaseCommand => ({
    actor: patient.actor,
    language: 'en',
    question: QUESTION,
    ...given,
  });
  const submit = (given: Partial<SubmitCaseCommand> = {}) =>
    here.app.cases.submitCase.execute(commandOf(given));
  const expectNothingKept = async () => {
    for (const table of CASE_TABLES) expect(await here.rows(table)).to.deep.equal([]);
    expect(await here.audited('cases.submitted')).to.deep.equal([]);
  };

  describe('of a patient', () => {
    it('takes in a queued, routine case of his, and shows it to him with its text', async () => {
      const { view, receipt } = await submit();
      expect(view.case).to.deep.include({
        tenantId: patient.user.tenantId,
        patientId: patient.user.id,
        physicianId: null,
        state: 'queued',
        version: 1,
        language: 'en',
        priority: 'routine',
        specialty: null,
        vendorId: null,
        pool: null,
        // There are no physicians here.
        flags: ['no-candidate'],
        createdAt: NOW,
        dueAt: addSeconds(NOW, 72 * 3600),
      });
      const [message] = view.conversation?.messages ?? [];
      expect(view.conversation).to.deep.equal({
        question: QUESTION,
        answer: null,
        messages: [{ id: message?.id, kind: 'question', authorRole: 'patient', text: QUESTION, at: NOW }],
        reasons: [],
      });
      expect(receipt).to.equal(null);
      expect(await here.rows('cases')).to.deep.equal([view.case]);
    });

    it('says of it whether somebody is there who could take it', async () => {
      await here.physician();
      expect((await submit()).view.case.flags).to.deep.equal([]);
      expect((await submit({ language: 'ru' })).view.case.flags).to.deep.equal(['no-candidate']);
    });

    it('is due as the tenant has decided', async () => {
      const clinic = await here.tenant({ dueHours: { asap: 1, urgent: 2, routine: 3 } });
      const { actor } = await here.patient({ tenant: clinic });
      const { view } = await submit({ actor, priority: 'urgent' });
      expect(view.case.dueAt).to.deep.equal(addSeconds(NOW, 2 * 3600));
    });

    it('keeps what the patient says of it', async () => {
      const given = { language: 'he', priority: 'asap', specialty: 'cardiology', vendorId: 'fund' } as const;
      expect((await submit(given)).view.case).to.deep.include({
        ...given,
        dueAt: addSeconds(NOW, 4 * 3600),
      });
    });

    it('sends it to the closed pool of its tenant', async () => {
      const clinic = await here.tenant({ privatePool: 'closed' });
      const { actor } = await here.patient({ tenant: clinic });
      expect((await submit({ actor })).view.case).to.include({ tenantId: clinic.id, pool: 'closed' });
    });

    it('sends it to the closed pool of its vendor, where that belongs to the tenant and has one', async () => {
      const vendor = { privatePool: 'heart', identifierKind: null };
      const vendorDirectory = new ConfiguredVendors([
        { ...vendor, vendorId: 'north', tenant: 'clinic' },
        { ...vendor, vendorId: 'south', tenant: 'clinic', privatePool: null },
        { ...vendor, vendorId: 'own', tenant: 'default' },
      ]);
      here = world({ replace: () => ({ vendorDirectory }) });
      const clinic = await here.tenant({ slug: 'clinic', privatePool: 'closed' });
      const own = await here.patient();
      const { actor } = await here.patient({ tenant: clinic });
      const placeOf = async (given: Partial<SubmitCaseCommand>) => {
        const { pool, vendorId, flags } = (await submit(given)).view.case;
        return { pool, vendorId, flags };
      };
      const nobody = { flags: ['no-candidate'] };
      expect(await placeOf({ actor, vendorId: ' NORTH' })).to.deep.equal({
        pool: 'heart',
        vendorId: 'north',
        ...nobody,
      });
      expect(await placeOf({ actor, vendorId: 'south' })).to.deep.equal({
        pool: 'closed',
        vendorId: 'south',
        ...nobody,
      });
      expect(await placeOf({ actor, vendorId: 'own' })).to.deep.equal({
        pool: 'closed',
        vendorId: 'own',
        ...nobody,
      });
      expect(await placeOf({ actor: own.actor, vendorId: 'north' })).to.deep.include({
        pool: null,
        vendorId: 'north',
      });
      expect(await placeOf({ actor: own.actor, vendorId: 'OWN' })).to.deep.include({
        pool: 'heart',
        vendorId: 'own',
      });
      await here.physician({ tenant: clinic, privatePool: 'heart' });
      expect((await placeOf({ actor, vendorId: 'north' })).flags).to.deep.equal([]);
    });

    it('keeps the vendor in one spelling, listed or not, and none where it is blank', async () => {
      expect((await submit({ vendorId: '\tFund 7 ' })).view.case.vendorId).to.equal('fund 7');
      expect((await submit({ vendorId: ' ' })).view.case.vendorId).to.equal(null);
    });

    it('keeps its text sealed, and in no other place', async () => {
      const { view } = await submit();
      const [message] = await here.rows('caseMessages');
      expect(message).to.include({
        caseId: view.case.id,
        kind: 'question',
        authorRole: 'patient',
        authorId: patient.user.id,
      });
      expect(Buffer.from(message!.body.bytes).toString('latin1')).not.to.contain('surgery');
      const rest = [await here.rows('cases'), await here.rows('caseEvents'), await here.audited()];
      expect(JSON.stringify(rest)).not.to.contain('surgery');
    });

    it('seals the text for its own row: it opens there and nowhere else', async () => {
      await submit();
      await submit();
      const [first, second] = await here.rows('caseMessages');
      const { textCipher } = here.adapters;
      const place = {
        tenantId: patient.user.tenantId,
        table: 'case_messages',
        column: 'body',
        rowId: first!.id,
      };
      expect(await textCipher.open(place, first!.body)).to.equal(QUESTION);
      for (const moved of [
        { ...place, rowId: second!.id },
        { ...place, tenantId: (await here.tenant()).id },
        { ...place, column: 'author_role' },
        { ...place, table: 'cases' },
      ]) {
        expect(await faultOf(textCipher.open(moved, first!.body))).to.be.instanceOf(Error);
      }
    });

    it('begins the history of the case with its event', async () => {
      const { view } = await submit();
      const [event] = await here.rows('caseEvents');
      expect(event).to.deep.equal({
        id: event?.id,
        caseId: view.case.id,
        type: 'submitted',
        from: null,
        to: 'queued',
        version: 1,
        actorId: patient.user.id,
        actorRole: 'patient',
        at: NOW,
      });
    });

    it('tells the trail', async () => {
      const { view } = await submit();
      const entries = await here.audited('cases.submitted');
      expect(entries).to.have.length(1);
      expect(entries[0]).to.deep.include({
        tenantId: patient.user.tenantId,
        actor: { kind: 'user', id: patient.user.id },
        subject: { type: 'case', id: view.case.id },
        at: NOW,
      });
    });

    it('keeps nothing where one part of it cannot be kept', async () => {
      // An account that is gone: the store refuses the case as a foreign key does.
      expect(await faultOf(submit({ actor: aUserActor('patient') }))).to.be.instanceOf(Error);
      await expectNothingKept();
    });

    describe('sent again with its key', () => {
      const idempotency = { key: 'a-key', fingerprint: 'the request' };

      it('is the same case as it is now, its text read anew', async () => {
        const first = await submit({ idempotency });
        const again = await submit({ idempotency });
        expect(again).to.deep.equal(first);
        expect(await here.rows('cases')).to.have.length(1);
        expect(await here.audited('cases.submitted')).to.have.length(1);
        expect(await here.audited('cases.text-read')).to.have.length(1);
      });

      it('tells nothing of a case that was voided meanwhile', async () => {
        const { view } = await submit({ idempotency });
        const { actor } = await here.member('admin');
        const voided = { actor, caseId: view.case.id, reason: 'Sent in the wrong name.' };
        await here.app.cases.voidCase.execute(voided);
        expect(await faultOf(submit({ idempotency }))).to.be.instanceOf(SubmissionHidden);
        expect(await here.audited('cases.text-read')).to.deep.equal([]);
        expect(await here.rows('cases')).to.have.length(1);
      });
    });

    it('does not depend on whether anonymous cases are allowed', async () => {
      const strict = world({ settings: { anonymousCases: false } });
      const { actor } = await strict.patient();
      const { view } = await strict.app.cases.submitCase.execute(commandOf({ actor }));
      expect(view.case.patientId).to.equal(actor.userId);
    });
  });

  it('takes none without a patient where anonymous cases are off, from the installation itself neither', async () => {
    const strict = world({ settings: { anonymousCases: false } });
    for (const actor of [ANONYMOUS, SYSTEM]) {
      const submitting = strict.app.cases.submitCase.execute(commandOf({ actor }));
      expect(await refusalOf(submitting)).to.be.instanceOf(Unauthenticated);
    }
    expect(await strict.rows('cases')).to.deep.equal([]);
  });

  describe('of somebody without an account', () => {
    it('takes in a case of nobody, and gives a receipt instead of the text', async () => {
      const { view, receipt } = await submit({ actor: ANONYMOUS });
      expect(view.case).to.include({ patientId: null, tenantId: ANONYMOUS.tenantId, state: 'queued' });
      expect(view.conversation).to.equal(null);
      expect(receipt).to.match(/^[A-Za-z0-9_-]{43}$/);
      expect((await here.rows('caseMessages'))[0]).to.include({ authorRole: 'anonymous', authorId: null });
      expect((await here.rows('caseEvents'))[0]).to.include({ actorId: null, actorRole: 'anonymous' });
      expect((await here.audited('cases.submitted'))[0]?.actor).to.deep.equal({ kind: 'anonymous' });
    });

    it('keeps the receipt hashed, for 24 hours', async () => {
      const { view, receipt } = await submit({ actor: ANONYMOUS });
      const kept = await here.adapters.database.read((tables) => {
        const hash = here.adapters.keyedHash.of('case-receipt', receipt!);
        return tables.caseReceipts.get(Buffer.from(hash).toString('base64url'));
      });
      const expiresAt = addSeconds(NOW, 24 * 3600);
      expect(kept).to.deep.equal({ caseId: view.case.id, expiresAt, spentAt: null });
    });

    it('derives the receipt from the case, by a key that is not the one it is kept under', async () => {
      const { view, receipt } = await submit({ actor: ANONYMOUS });
      const { keyedHash } = here.adapters;
      const derived = keyedHash.of('case-receipt-secret', view.case.id);
      expect(receipt).to.equal(Buffer.from(derived).toString('base64url'));
      expect(derived).to.not.deep.equal(keyedHash.of('case-receipt', view.case.id));
    });

    it('gives each case a receipt of its own', async () => {
      const first = await submit({ actor: ANONYMOUS });
      const second = await submit({ actor: ANONYMOUS });
      expect(first.receipt).not.to.equal(second.receipt);
      expect(await here.rows('caseReceipts')).to.have.length(2);
    });

    it('takes it in at the door of any tenant', async () => {
      const clinic = await here.tenant({ privatePool: 'closed' });
      const { view } = await submit({ actor: anonymousAt(clinic.id) });
      expect(view.case).to.include({ tenantId: clinic.id, pool: 'closed' });
    });

    it('is refused where anonymous cases are off, whatever the text', async () => {
      here = world({ settings: { anonymousCases: false } });
      for (const question of [QUESTION, '']) {
        expect(await refusalOf(submit({ actor: ANONYMOUS, question }))).to.be.instanceOf(Unauthenticated);
      }
      await expectNothingKept();
    });
  });

  it('is not for physicians and admins', async () => {
    for (const role of ['physician', 'admin'] as const) {
      const { actor } = await here.member(role);
      expect(await refusalOf(submit({ actor }))).to.be.instanceOf(Forbidden);
    }
    await expectNothingKept();
  });

  for (const [what, question] of [
    ['empty', ''],
    ['blank', ' \n\t'],
    ['too long', 'x'.repeat(20_001)],
    ['ill-formed', 'a question\ud83e'],
    ['text with NUL', 'a question\0'],
  ] as const) {
    it(`refuses a text that is ${what}`, async () => {
      expect(await refusalOf(submit({ question }))).to.be.instanceOf(CaseTextRejected);
      expect(await refusalOf(submit({ question, actor: ANONYMOUS }))).to.be.instanceOf(CaseTextRejected);
      await expectNothingKept();
    });
  }

  it('keeps a text of 20,000 code points as it is', async () => {
    const question = '🩺'.repeat(20_000);
    const { view } = await submit({ question });
    const { getCase } = here.app.cases;
    const read = await getCase.execute({ actor: patient.actor, caseId: view.case.id });
    expect(read?.conversation?.question === question).to.equal(true);
  });
});
