import { expect } from 'chai';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { CaseReasonRejected } from '../../../../src/domain/cases/errors.ts';
import { IdempotencyKeyReused } from '../../../../src/domain/shared/errors.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { ANONYMOUS, anId, NOW, SYSTEM } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const QUESTION = 'Is surgery needed for a torn meniscus?';
const REASON = 'The patient is on the telephone and asks for a correction.';

describe('BreakGlass', () => {
  let here: World;
  let patient: Member;
  let admin: Member;
  let caseId: string;

  beforeEach(async () => {
    here = world();
    patient = await here.patient();
    admin = await here.member('admin');
    caseId = await submit(patient.actor);
    here.clock.advance(60);
  });

  async function submit(actor: Actor): Promise<string> {
    const { view } = await here.app.cases.submitCase.execute({ actor, language: 'en', question: QUESTION });
    return view.case.id;
  }
  const breakGlass = (actor: Actor = admin.actor, given: { caseId?: string; reason?: string } = {}) =>
    here.app.cases.breakGlass.execute({ actor, caseId, reason: REASON, ...given });
  const read = (actor: Actor = admin.actor, id = caseId) =>
    here.app.cases.getCase.execute({ actor, caseId: id });
  const questionFor = async (actor: Actor = admin.actor, id = caseId) =>
    (await read(actor, id))?.conversation?.question;

  async function expectNothingDone(): Promise<void> {
    expect(await here.rows('breakGlassGrants')).to.deep.equal([]);
    expect(await here.audited('cases.glass-broken')).to.deep.equal([]);
    expect(await here.deliver()).to.deep.equal([]);
  }

  it('gives an admin a grant for an hour, which waits for its review', async () => {
    const grant = await breakGlass();
    expect(grant).to.deep.equal({
      id: grant?.id,
      tenantId: admin.user.tenantId,
      caseId,
      adminId: admin.user.id,
      createdAt: addSeconds(NOW, 60),
      expiresAt: addSeconds(NOW, 3660),
      review: null,
    });
  });

  it('lets him read the text within the hour, and not a moment longer', async () => {
    expect(await read()).to.have.property('conversation', null);
    await breakGlass();
    expect(await questionFor()).to.equal(QUESTION);
    here.clock.advance(3599.999);
    expect(await questionFor()).to.equal(QUESTION);
    here.clock.advance(0.001);
    expect(await read()).to.have.property('conversation', null);
    await breakGlass();
    expect(await questionFor()).to.equal(QUESTION);
  });

  it('shows him all that was said, with every reason', async () => {
    const physician = await here.physician();
    const { cases } = here.app;
    await cases.claimCase.execute({ actor: physician.actor, caseId });
    await cases.releaseCase.execute({ actor: physician.actor, caseId, reason: 'I know the patient.' });
    await breakGlass();
    const conversation = (await read())?.conversation;
    expect(conversation?.messages.map(({ text }) => text)).to.deep.equal([QUESTION]);
    expect(conversation?.reasons.map(({ text }) => text)).to.deep.equal(['I know the patient.']);
  });

  it('opens that case for that admin, and nothing else', async () => {
    const colleague = await here.member('admin');
    const other = await submit(patient.actor);
    await breakGlass();
    expect(await questionFor(colleague.actor)).to.equal(undefined);
    expect(await questionFor(admin.actor, other)).to.equal(undefined);
    expect(await questionFor(SYSTEM)).to.equal(undefined);
  });

  it('opens cases of anybody in any state: an anonymous one, and one that was voided', async () => {
    const anonymous = await submit(ANONYMOUS);
    await breakGlass(admin.actor, { caseId: anonymous });
    expect(await questionFor(admin.actor, anonymous)).to.equal(QUESTION);
    await here.app.cases.voidCase.execute({ actor: admin.actor, caseId, reason: 'Sent twice.' });
    await breakGlass();
    expect(await questionFor()).to.equal(QUESTION);
  });

  it('shows the text by reading alone: what the admin does to the case gives none', async () => {
    await breakGlass();
    const cancelled = await here.app.cases.cancelCase.execute({
      actor: admin.actor,
      caseId,
      reason: 'It has got better.',
    });
    expect(cancelled).to.have.property('conversation', null);
  });

  it('opens nothing any more to somebody who is no admin any more', async () => {
    await here.member('admin');
    await breakGlass();
    const former = { ...admin.actor, role: 'patient' } as const;
    expect(await read(former)).to.equal(null);
    expect(await read({ ...former, role: 'physician' })).to.equal(null);
  });

  describe('tells', () => {
    it('the trail of the grant, without the reason', async () => {
      const grant = await breakGlass();
      const entries = await here.audited('cases.glass-broken');
      expect(entries).to.have.length(1);
      expect(entries[0]).to.deep.include({
        tenantId: admin.user.tenantId,
        actor: { kind: 'user', id: admin.user.id },
        subject: { type: 'case', id: caseId },
        at: grant?.createdAt,
        details: { grant: grant?.id },
      });
      expect(JSON.stringify(await here.audited())).to.not.contain(REASON);
    });

    it('the trail of each reading, with the grant that it was by', async () => {
      const grant = await breakGlass();
      await read();
      await read();
      await read(patient.actor);
      const readings = await here.audited('cases.text-read');
      expect(readings.map(({ actor, details }) => ({ actor, details }))).to.deep.equal([
        { actor: { kind: 'user', id: admin.user.id }, details: { grant: grant?.id } },
        { actor: { kind: 'user', id: admin.user.id }, details: { grant: grant?.id } },
        { actor: { kind: 'user', id: patient.user.id }, details: {} },
      ]);
    });

    it('every active admin of the tenant by mail, and nobody else', async () => {
      const colleague = await here.member('admin');
      const gone = await here.member('admin');
      await here.app.identity.updateUser.execute({
        actor: SYSTEM,
        userId: gone.user.id,
        changes: { isActive: false },
      });
      await here.member('physician');
      await here.member('admin', { tenant: await here.tenant() });
      await here.deliver();
      const grant = await breakGlass();
      const mails = await here.deliver();
      expect(mails.map(({ to }) => to)).to.have.members([admin.user.email, colleague.user.email]);
      for (const mail of mails) {
        expect(mail.content).to.deep.equal({
          kind: 'break-glass-used',
          caseId,
          grantId: grant?.id,
          expiresAt: grant?.expiresAt.toISOString(),
        });
      }
    });
  });

  it('keeps the reason sealed, for its own row', async () => {
    const grant = await breakGlass();
    const [stored] = await here.rows('breakGlassGrants');
    expect(Buffer.from(stored!.reason.bytes).toString('latin1')).to.not.contain('telephone');
    const { textCipher } = here.adapters;
    const place = {
      tenantId: admin.user.tenantId,
      table: 'break_glass_grants',
      column: 'reason',
      rowId: grant!.id,
    };
    expect(await textCipher.open(place, stored!.reason)).to.equal(REASON);
    expect(await faultOf(textCipher.open({ ...place, column: 'note' }, stored!.reason))).to.be.instanceOf(
      Error,
    );
  });

  it('does nothing that cannot be audited, and shows no text then', async () => {
    await here.deliver();
    const { cases } = here.unauditedApp;
    const breaking = cases.breakGlass.execute({ actor: admin.actor, caseId, reason: REASON });
    expect(await faultOf(breaking)).to.have.property('message', AUDIT_FAULT);
    await expectNothingDone();
    await breakGlass();
    const reading = cases.getCase.execute({ actor: admin.actor, caseId });
    expect(await faultOf(reading)).to.have.property('message', AUDIT_FAULT);
  });

  for (const [what, reason] of [
    ['empty', ''],
    ['blank', ' \n\t'],
    ['too long', 'x'.repeat(1001)],
    ['ill-formed', 'a reason\ud83e'],
    ['text with NUL', 'a reason\0'],
  ] as const) {
    it(`refuses a reason that is ${what}`, async () => {
      await here.deliver();
      const refused = breakGlass(admin.actor, { reason });
      expect(await refusalOf(refused)).to.be.instanceOf(CaseReasonRejected);
      await expectNothingDone();
    });
  }

  it('takes a reason of 1,000 code points', async () => {
    expect(await breakGlass(admin.actor, { reason: '🩺'.repeat(1000) })).to.not.equal(null);
  });

  it('knows no case of another tenant, nor one that never was', async () => {
    const stranger = await here.member('admin', { tenant: await here.tenant() });
    await here.deliver();
    expect(await breakGlass(stranger.actor)).to.equal(null);
    expect(await breakGlass(admin.actor, { caseId: anId() })).to.equal(null);
    await expectNothingDone();
  });

  it('is for admins only, who are people', async () => {
    const physician = await here.physician();
    await here.deliver();
    for (const { actor } of [patient, physician]) {
      expect(await refusalOf(breakGlass(actor))).to.be.instanceOf(Forbidden);
    }
    for (const actor of [ANONYMOUS, SYSTEM]) {
      expect(await refusalOf(breakGlass(actor))).to.be.instanceOf(Unauthenticated);
    }
    await expectNothingDone();
  });

  describe('sent again with its key', () => {
    const idempotency = { key: 'a-key', fingerprint: 'the request' };
    const again = (given: { actor?: Actor; fingerprint?: string } = {}) =>
      here.app.cases.breakGlass.execute({
        actor: given.actor ?? admin.actor,
        caseId,
        reason: REASON,
        idempotency: { ...idempotency, ...(given.fingerprint && { fingerprint: given.fingerprint }) },
      });

    it('is the same grant, with one mail and one entry, and no longer than the first', async () => {
      await here.deliver();
      const first = await again();
      here.clock.advance(600);
      const second = await again();
      expect(second).to.deep.include({ ...first });
      expect(await here.rows('breakGlassGrants')).to.have.length(1);
      expect(await here.audited('cases.glass-broken')).to.have.length(1);
      expect(await here.deliver()).to.have.length(1);
      here.clock.advance(3000);
      expect(await read()).to.have.property('conversation', null);
    });

    it('is another grant for another admin, and refused for another request', async () => {
      const first = await again();
      const colleague = await here.member('admin');
      expect((await again({ actor: colleague.actor }))?.id).to.not.equal(first?.id);
      const other = again({ fingerprint: 'another request' });
      expect(await refusalOf(other)).to.be.instanceOf(IdempotencyKeyReused);
    });
  });
});
