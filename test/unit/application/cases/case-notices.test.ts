import { expect } from 'chai';
import { noticeTo } from '../../../../src/application/steps/notice-to.ts';
import { caseNotices } from '../../../../src/application/steps/case-notices.ts';
import { CASE_MAILS } from '../../mail/case-mails.ts';
import { type World, world } from '../../../support/world.ts';

describe('Mails about cases', () => {
  let here: World;

  beforeEach(() => {
    here = world();
  });

  it('go to the address of the recipient, in his language, and say what they were given', async () => {
    const tenant = await here.tenant();
    const { user } = await here.member('physician', { tenant });
    const hebrew = { ...user, language: 'he' };
    const [entry] = await caseNotices(here.adapters, [hebrew], CASE_MAILS['case-assigned']);
    expect(entry!.tenantId).to.equal(tenant.id);
    await here.adapters.unitOfWork.run(tenant.id, ({ outbox }) => outbox.add(entry!));
    const [mail, ...others] = await here.deliver();
    expect(others).to.deep.equal([]);
    expect(mail).to.deep.equal({
      id: entry!.id,
      to: user.email,
      language: 'he',
      content: CASE_MAILS['case-assigned'],
    });
  });

  it('go to several people one by one', async () => {
    const admins = [(await here.member('admin')).user, (await here.member('admin')).user];
    const entries = await caseNotices(here.adapters, admins, CASE_MAILS['case-overdue']);
    expect(new Set(entries.map(({ id }) => id)).size).to.equal(2);
    await here.adapters.unitOfWork.run(admins[0]!.tenantId, async ({ outbox }) => {
      for (const entry of entries) await outbox.add(entry);
    });
    const mails = await here.deliver();
    expect(mails.map(({ to }) => to)).to.have.members(admins.map(({ email }) => email));
  });

  it('are counted apart from other notices to the same address', async () => {
    const { user } = await here.patient();
    const notice = await noticeTo(here.adapters, user, { kind: 'password-changed' });
    const [entry] = await caseNotices(here.adapters, [user], CASE_MAILS['case-answered']);
    expect(entry!.recipient).to.not.deep.equal(notice.recipient);
  });
});
