import { expect } from 'chai';
import { Unavailable } from '../../../../src/domain/access/errors.ts';
import { compose } from '../../../../src/main/compose.ts';
import { PASSWORD } from '../../../support/builders.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';

describe('DeliverMail', () => {
  let here: World;

  beforeEach(async () => {
    here = world();
    await here.patient({ email: EMAIL });
    await here.app.identity.requestPasswordReset.execute({ email: EMAIL });
  });

  const entry = async () => (await here.rows('outboxEntries'))[0]!;
  const deliver = async (lastAttempt = false) => {
    const { id: outboxId, tenantId } = await entry();
    return here.app.identity.deliverMail.execute({ tenantId, outboxId, lastAttempt });
  };

  it('hands the mail over under the id of its entry, and erases what was in it', async () => {
    here.clock.advance(5);
    const { id } = await entry();
    expect(await deliver()).to.equal('sent');
    expect(here.adapters.mailer.sent).to.have.length(1);
    expect(here.adapters.mailer.sent[0]).to.deep.include({ id, to: EMAIL, language: 'en' });
    expect(await entry()).to.deep.include({
      payload: null,
      outcome: 'done',
      settledAt: here.clock.now(),
    });
  });

  it('does nothing for an entry that has ended', async () => {
    await deliver();
    expect(await deliver()).to.equal('nothing');
    expect(here.adapters.mailer.attempts).to.have.length(1);
  });

  it('does nothing for an entry of another tenant, or of none', async () => {
    const { id } = await entry();
    const clinic = await here.tenant();
    for (const outboxId of [id, 'unknown']) {
      const command = { tenantId: clinic.id, outboxId, lastAttempt: true };
      expect(await here.app.identity.deliverMail.execute(command)).to.equal('nothing');
    }
    expect(here.adapters.mailer.attempts).to.deep.equal([]);
    expect((await entry()).outcome).to.equal(null);
  });

  it('ends an entry by which nobody is to get anything', async () => {
    await deliver();
    await here.app.identity.requestPasswordReset.execute({ email: 'nobody@example.org' });
    const decoy = (await here.rows('outboxEntries')).at(-1)!;
    const command = { tenantId: decoy.tenantId, outboxId: decoy.id, lastAttempt: false };
    expect(await here.app.identity.deliverMail.execute(command)).to.equal('nothing');
    expect((await here.rows('outboxEntries')).at(-1)).to.include({ outcome: 'done', payload: null });
    expect(here.adapters.mailer.attempts).to.have.length(1);
  });

  it('keeps the mail for the next attempt where nobody takes it at the moment', async () => {
    here.adapters.mailer.fail(2);
    const before = await entry();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await refusalOf(deliver())).to.be.instanceOf(Unavailable);
      expect(await entry()).to.deep.equal(before);
    }
    expect(await deliver()).to.equal('sent');
    const ids = here.adapters.mailer.attempts.map(({ id }) => id);
    expect(new Set(ids)).to.deep.equal(new Set([before.id]));
  });

  it('gives up with the last attempt, and erases the mail', async () => {
    here.adapters.mailer.fail();
    expect(await refusalOf(deliver(true))).to.be.instanceOf(Unavailable);
    expect(await entry()).to.include({ payload: null, outcome: 'given-up' });
    expect(await deliver()).to.equal('nothing');
  });

  it('does the same where the last attempt meets a fault: nobody is left who would send it', async () => {
    const mailer = { send: () => Promise.reject(new Error('a fault')) };
    const { identity } = compose({ ...here.adapters, mailer });
    const { id: outboxId, tenantId } = await entry();
    const attempt = (lastAttempt: boolean) =>
      faultOf(identity.deliverMail.execute({ tenantId, outboxId, lastAttempt }));
    expect(await attempt(false)).to.have.property('message', 'a fault');
    expect((await entry()).outcome).to.equal(null);
    expect(await attempt(true)).to.have.property('message', 'a fault');
    expect(await entry()).to.include({ payload: null, outcome: 'given-up' });
  });

  it('does not try again what was refused for good', async () => {
    here.adapters.mailer.refuse();
    expect(await deliver()).to.equal('refused');
    expect(await entry()).to.include({ payload: null, outcome: 'refused' });
    expect(await deliver()).to.equal('nothing');
  });

  it('keeps an entry that it cannot open for as long as somebody tries again', async () => {
    const { id, payload } = await entry();
    await here.adapters.database.write((tables) => {
      const row = tables.outboxEntries.get(id)!;
      const bytes = Uint8Array.from(payload!.bytes, (octet) => octet ^ 1);
      tables.outboxEntries.set(id, { ...row, payload: { ...payload!, bytes } });
    });
    expect(await faultOf(deliver(false))).not.to.be.instanceOf(Unavailable);
    expect((await entry()).outcome).to.equal(null);
    expect(await faultOf(deliver(true))).not.to.be.instanceOf(Unavailable);
    expect(await entry()).to.include({ payload: null, outcome: 'given-up' });
  });

  it('leaves entries of another topic alone', async () => {
    await deliver();
    const { user } = await here.patient({ password: PASSWORD });
    const { actor } = await here.member('admin');
    const reason = 'lost his telephone';
    await here.app.access.requestMfaReset.execute({ actor, userId: user.id, reason });
    const timer = (await here.rows('outboxEntries')).find(({ topic }) => topic === 'mfa-reset')!;
    const command = { tenantId: timer.tenantId, outboxId: timer.id, lastAttempt: true };
    expect(await here.app.identity.deliverMail.execute(command)).to.equal('nothing');
    expect((await here.rows('outboxEntries')).find(({ id }) => id === timer.id)?.outcome).to.equal(null);
  });
});
