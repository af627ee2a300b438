import { expect } from 'chai';
import type { CaseMail } from '../../../../src/domain/cases/case-mail.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import type { Tenant } from '../../../../src/domain/tenancy/tenant.ts';
import { ANONYMOUS, SYSTEM } from '../../../support/builders.ts';
import { type CaseLife, caseLife } from '../../../support/case-life.ts';
import { type World, world } from '../../../support/world.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

describe('RunCaseTimers', () => {
  let here: World;
  let life: CaseLife;

  beforeEach(async () => {
    here = world();
    life = await caseLife(here);
    await here.deliver();
  });

  const run = () => here.app.cases.runCaseTimers.execute({ actor: SYSTEM });
  const mails = async () => (await here.deliver()).map(({ to, content }) => [to, content]);

  /** Moves the clock on to a step: nothing happens a second before it, and that alone happens at it. */
  const expectStepAfter = async (seconds: number, id: string, type: string): Promise<void> => {
    here.clock.advance(seconds - 1);
    expect(await run(), `before ${type}`).to.equal(0);
    here.clock.advance(1);
    const { state, version, physicianId } = await life.stored(id);
    expect(await run(), type).to.equal(1);
    const after = await life.stored(id);
    const last = (await life.eventsOf(id)).at(-1);
    expect(last).to.deep.include({ type, from: state, to: after.state, version: version + 1 });
    expect(last).to.deep.include({ actorId: null, actorRole: 'system', at: here.clock.now() });
    const entry = (await here.audited(`cases.${type}`)).at(-1);
    expect(entry).to.deep.include({
      tenantId: after.tenantId,
      actor: { kind: 'system' },
      subject: { type: 'case', id },
      details: {
        from: state,
        to: after.state,
        version: version + 1,
        ...(after.physicianId !== physicianId && { physician: after.physicianId }),
      },
    });
    expect(await run(), `after ${type}`).to.equal(0);
  };
  const flagsOf = async (id: string) => (await life.stored(id)).flags;

  describe('while nobody claims a case', () => {
    const unclaimed = ({ id: caseId, dueAt }: { id: string; dueAt: Date }, overdue: boolean): CaseMail => ({
      kind: 'case-unclaimed',
      caseId,
      dueAt: dueAt.toISOString(),
      overdue,
    });

    for (const [priority, hours] of [
      ['asap', 4],
      ['urgent', 24],
      ['routine', 72],
    ] as const) {
      it(`tells the admins at a quarter, half and all of its ${String(hours)} hours, where it is ${priority}`, async () => {
        const submitted = await life.submit({ priority });
        const to = life.admin.user.email;
        await expectStepAfter((hours * HOUR) / 4, submitted.id, 'escalated');
        expect(await flagsOf(submitted.id)).to.deep.equal(['unclaimed']);
        expect(await mails()).to.deep.equal([[to, unclaimed(submitted, false)]]);
        await expectStepAfter((hours * HOUR) / 4, submitted.id, 'escalated');
        expect(await mails()).to.deep.equal([[to, unclaimed(submitted, false)]]);
        await expectStepAfter((hours * HOUR) / 2, submitted.id, 'escalated');
        expect(await flagsOf(submitted.id)).to.deep.equal(['unclaimed', 'overdue']);
        expect(await mails()).to.deep.equal([[to, unclaimed(submitted, true)]]);
        here.clock.advance(100 * DAY);
        expect(await run()).to.equal(0);
      });
    }

    it('goes by the due times of its tenant', async () => {
      const tenant = await here.tenant({ dueHours: { asap: 1, urgent: 2, routine: 400 } });
      const { id } = await life.submit({ actor: (await here.patient({ tenant })).actor });
      await expectStepAfter(100 * HOUR, id, 'escalated');
    });

    it('tells every active admin of its tenant, in his language, and nobody of another', async () => {
      const tenant = await here.tenant();
      const admins = [await here.member('admin', { tenant }), await here.member('admin', { tenant })];
      const disabled = await here.member('admin', { tenant });
      await here.app.identity.updateUser.execute({
        actor: admins[0]!.actor,
        userId: disabled.user.id,
        changes: { isActive: false },
      });
      await here.app.identity.updateProfile.execute({ actor: admins[1]!.actor, language: 'ru' });
      await life.submit({ actor: (await here.patient({ tenant })).actor });
      await here.deliver();
      here.clock.advance(18 * HOUR);
      await run();
      const sent = await here.deliver();
      expect(sent.map(({ to, language }) => [to, language])).to.have.deep.members([
        [admins[0]!.user.email, 'en'],
        [admins[1]!.user.email, 'ru'],
      ]);
    });

    it('flags at each step whether somebody is there who could take it', async () => {
      const { id } = await life.submit({ language: 'ru' });
      expect(await flagsOf(id)).to.deep.equal(['no-candidate']);
      await here.physician({ languagePreference: 'ru' });
      here.clock.advance(18 * HOUR);
      await run();
      expect(await flagsOf(id)).to.deep.equal(['unclaimed']);
      const waiting = await life.submit();
      for (const { actor } of [life.physician, life.colleague]) {
        await here.app.identity.updateOwnPhysician.execute({ actor, changes: { vacationMode: true } });
      }
      here.clock.advance(18 * HOUR);
      await run();
      expect(await flagsOf(waiting.id)).to.have.members(['unclaimed', 'no-candidate']);
    });

    it('goes on with what is left of its time when it was given back', async () => {
      const { id } = await life.submit();
      here.clock.advance(20 * HOUR);
      await run();
      await life.act('claim', id);
      await life.act('start', id);
      here.clock.advance(20 * HOUR);
      expect(await run()).to.equal(0);
      await life.act('release', id);
      expect(await run()).to.equal(1);
      await expectStepAfter(32 * HOUR, id, 'escalated');
      expect(await flagsOf(id)).to.include('overdue');
    });

    it('leaves out of its time for how long its patient was asked', async () => {
      const { id } = await life.inState('info_requested');
      here.clock.advance(2 * DAY);
      await life.act('reply', id);
      await life.act('release', id);
      await expectStepAfter(18 * HOUR, id, 'escalated');
    });

    describe('of a closed pool', () => {
      const submitTo = async (given: Partial<Tenant>) => {
        const tenant = await here.tenant({ privatePool: 'fund', ...given });
        const admin = await here.member('admin', { tenant });
        const { id } = await life.submit({ actor: (await here.patient({ tenant })).actor });
        await here.deliver();
        return { admin, id };
      };

      it('opens it at half of its time to the shared physicians, where the tenant allows, without a mail', async () => {
        await here.physician({ privatePool: 'fund' });
        const { admin, id } = await submitTo({ allowOverflow: true });
        const { actor } = life.physician;
        const sees = async () => (await here.app.cases.getCase.execute({ actor, caseId: id })) !== null;
        await expectStepAfter(18 * HOUR, id, 'escalated');
        expect(await mails()).to.have.length(1);
        expect(await sees()).to.equal(false);
        await expectStepAfter(18 * HOUR, id, 'overflowed');
        expect(await mails()).to.deep.equal([]);
        expect(await flagsOf(id)).to.include.members(['unclaimed', 'overflow']);
        expect(await sees()).to.equal(true);
        await expectStepAfter(36 * HOUR, id, 'escalated');
        expect((await mails()).map(([to]) => to)).to.deep.equal([admin.user.email]);
        expect((await life.act('claim', id)).case.flags).to.deep.equal(['overflow']);
      });

      it('keeps it closed where the tenant does not allow it', async () => {
        const { id } = await submitTo({ allowOverflow: false });
        await expectStepAfter(18 * HOUR, id, 'escalated');
        await expectStepAfter(18 * HOUR, id, 'escalated');
        expect(await flagsOf(id)).not.to.include('overflow');
        const { actor } = life.physician;
        expect(await here.app.cases.getCase.execute({ actor, caseId: id })).to.equal(null);
      });

      it('goes by what the tenant allows by then', async () => {
        const { admin, id } = await submitTo({ allowOverflow: false });
        const { tenantId } = admin.user;
        const changes = { allowOverflow: true };
        await here.app.tenancy.updateTenant.execute({ actor: SYSTEM, tenantId, changes });
        here.clock.advance(36 * HOUR);
        expect(await run()).to.equal(1);
        expect(await flagsOf(id)).to.include('overflow');
      });
    });
  });

  it('gives back after four hours what was not started', async () => {
    const claimed = await life.inState('assigned');
    await expectStepAfter(4 * HOUR, claimed.id, 'released');
    expect(await life.stored(claimed.id)).to.deep.include({
      state: 'queued',
      physicianId: null,
      dueAt: claimed.dueAt,
    });
    expect(await here.rows('assignments')).to.deep.equal([]);
    expect(await mails()).to.deep.equal([]);
  });

  it('gives the time to start anew to whom a case is given next', async () => {
    const { id } = await life.inState('assigned');
    here.clock.advance(3 * HOUR);
    await life.act('reassign', id);
    await expectStepAfter(4 * HOUR, id, 'released');
  });

  it('leaves a case alone that was started', async () => {
    await life.inState('in_review');
    here.clock.advance(100 * DAY);
    expect(await run()).to.equal(0);
  });

  it('reminds the patient after three days and seven, and ends his case after fourteen', async () => {
    const { id } = await life.inState('info_requested');
    await here.app.identity.updateProfile.execute({ actor: life.patient.actor, language: 'he' });
    const expiresAt = addSeconds(here.clock.now(), 14 * DAY).toISOString();
    const to = life.patient.user.email;
    await here.deliver();
    await expectStepAfter(3 * DAY, id, 'reminded');
    expect(await mails()).to.deep.equal([[to, { kind: 'case-info-reminder', caseId: id, expiresAt }]]);
    await expectStepAfter(4 * DAY, id, 'reminded');
    expect(await mails()).to.deep.equal([[to, { kind: 'case-info-reminder', caseId: id, expiresAt }]]);
    await expectStepAfter(7 * DAY, id, 'expired');
    expect(await mails()).to.deep.equal([[to, { kind: 'case-expired', caseId: id }]]);
    expect(here.adapters.mailer.sent.at(-1)?.language).to.equal('he');
    expect(await life.stored(id)).to.deep.include({ state: 'expired', physicianId: null, flags: [] });
    here.clock.advance(100 * DAY);
    expect(await run()).to.equal(0);
  });

  it('counts the patient’s days anew when he is asked again', async () => {
    const { id } = await life.inState('info_requested');
    here.clock.advance(13 * DAY);
    await run();
    await life.act('reply', id);
    await life.act('ask-info', id);
    await expectStepAfter(3 * DAY, id, 'reminded');
  });

  it('closes a case fourteen days after its answer, whatever amendments there were', async () => {
    const { id } = await life.inState('answered');
    here.clock.advance(10 * DAY);
    await life.act('amend', id);
    await here.deliver();
    await expectStepAfter(4 * DAY, id, 'closed');
    expect((await life.stored(id)).physicianId).to.equal(life.physician.physician.id);
    expect(await mails()).to.deep.equal([]);
  });

  it('closes it fourteen days after the answer to the last follow-up', async () => {
    const { id } = await life.inState('answered');
    here.clock.advance(10 * DAY);
    await life.act('follow-up', id);
    await life.act('answer', id);
    await expectStepAfter(14 * DAY, id, 'closed');
  });

  it('ends an anonymous case after a day, and tells nobody', async () => {
    const { id } = await life.submit({ actor: ANONYMOUS });
    await life.act('claim', id);
    await life.act('start', id);
    await here.deliver();
    await expectStepAfter(DAY, id, 'expired');
    expect(await mails()).to.deep.equal([]);
  });
});
