import { expect } from 'chai';
import type { CaseMail } from '../../../../src/domain/cases/case-mail.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { ANONYMOUS } from '../../../support/builders.ts';
import { type CaseLife, caseLife, type CaseVerb, WORDS } from '../../../support/case-life.ts';
import type { ReachedState } from '../../../support/case-ways.ts';
import { type Member, type World, world } from '../../../support/world.ts';

/** The acts that nobody is told of by mail. */
const SILENT: readonly (readonly [CaseVerb, ReachedState])[] = [
  ['claim', 'queued'],
  ['start', 'assigned'],
  ['release', 'in_review'],
  ['reply', 'info_requested'],
  ['follow-up', 'answered'],
  ['cancel', 'assigned'],
  ['close', 'answered'],
  ['void', 'in_review'],
];

describe('The mails that acts on a case bring about', () => {
  let here: World;
  let life: CaseLife;

  beforeEach(async () => {
    here = world();
    life = await caseLife(here);
  });

  const speaks = ({ actor }: Member, language: string) =>
    here.app.identity.updateProfile.execute({ actor, language });

  /** The mails of one act on a case in a state, of which nothing else is left to be sent. */
  const mailsOf = async (verb: CaseVerb, state: ReachedState, member: Member = life.patient) => {
    const { id: caseId } = await life.inState(state);
    await speaks(member, 'he');
    await here.deliver();
    here.clock.advance(60);
    await life.act(verb, caseId);
    return { caseId, mails: await here.deliver() };
  };

  const expectOnly = (
    { mails }: Pick<Awaited<ReturnType<typeof mailsOf>>, 'mails'>,
    { user }: Member,
    content: CaseMail,
  ) => {
    expect(mails.map(({ to, language, content: said }) => ({ to, language, said }))).to.deep.equal([
      { to: user.email, language: 'he', said: content },
    ]);
    for (const words of Object.values(WORDS)) expect(JSON.stringify(mails)).not.to.contain(words);
  };

  it('tell the patient, in his language, that he was asked for something, and until when', async () => {
    const sent = await mailsOf('ask-info', 'in_review');
    const expiresAt = addSeconds(here.clock.now(), 14 * 86_400).toISOString();
    expectOnly(sent, life.patient, { kind: 'case-info-requested', caseId: sent.caseId, expiresAt });
  });

  it('tell him of the answer, and of each new version of it', async () => {
    for (const [verb, state] of [
      ['answer', 'in_review'],
      ['amend', 'answered'],
    ] as const) {
      const sent = await mailsOf(verb, state);
      expectOnly(sent, life.patient, { kind: 'case-answered', caseId: sent.caseId });
    }
  });

  it('tell him that his case was declined', async () => {
    const sent = await mailsOf('decline', 'assigned');
    expectOnly(sent, life.patient, { kind: 'case-declined', caseId: sent.caseId });
  });

  it('tell a physician, in his language, that a case was given to him, and when it is due', async () => {
    for (const [verb, state] of [
      ['assign', 'queued'],
      ['reassign', 'in_review'],
    ] as const) {
      const sent = await mailsOf(verb, state, life.colleague);
      const dueAt = (await life.stored(sent.caseId)).dueAt.toISOString();
      expectOnly(sent, life.colleague, { kind: 'case-assigned', caseId: sent.caseId, dueAt });
    }
  });

  it('tell the new assignee the due time as it is after the pause', async () => {
    const { id } = await life.inState('info_requested');
    here.clock.advance(5 * 3600);
    await life.act('reassign', id);
    const { dueAt } = await life.stored(id);
    expect(await here.mailTo(life.colleague.user.email, 'case-assigned')).to.include({
      dueAt: dueAt.toISOString(),
    });
  });

  it('belong to the tenant of whoever gets them, whose case it need not be', async () => {
    const tenant = await here.tenant();
    const patient = await here.patient({ tenant });
    const elsewhere = await caseLife(here, { patient, admin: await here.member('admin', { tenant }) });
    const { id } = await elsewhere.submit();
    await here.deliver();
    await elsewhere.act('assign', id);
    const entry = (await here.rows('outboxEntries')).at(-1);
    expect(entry).to.include({ topic: 'mail', tenantId: elsewhere.colleague.user.tenantId });
    await elsewhere.act('decline', id, { actor: elsewhere.colleague.actor });
    expect((await here.rows('outboxEntries')).at(-1)).to.include({ topic: 'mail', tenantId: tenant.id });
    expect((await here.deliver()).map(({ to }) => to)).to.deep.equal([
      elsewhere.colleague.user.email,
      patient.user.email,
    ]);
  });

  it('are sealed while they wait to be sent', async () => {
    const { id } = await life.inState('in_review');
    await life.act('answer', id);
    const { payload } = (await here.rows('outboxEntries')).at(-1)!;
    expect(Buffer.from(payload!.bytes).toString('latin1')).not.to.contain(life.patient.user.email);
  });

  it('are not sent where nobody is there to read them: an anonymous case, a disabled account', async () => {
    const anonymous = await life.submit({ actor: ANONYMOUS });
    await life.act('claim', anonymous.id);
    await life.act('decline', anonymous.id);
    const { id } = await life.inState('in_review');
    const { userId } = life.patient.actor;
    await here.app.identity.updateUser.execute({
      actor: life.admin.actor,
      userId,
      changes: { isActive: false },
    });
    await here.deliver();
    await life.act('answer', id);
    expect((await life.stored(id)).state).to.equal('answered');
    expect(await here.deliver()).to.deep.equal([]);
  });

  for (const [verb, state] of SILENT) {
    it(`are none with "${verb}"`, async () => {
      expect((await mailsOf(verb, state)).mails).to.deep.equal([]);
    });
  }
});
