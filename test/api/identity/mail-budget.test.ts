import { expect } from 'chai';
import { type Answer, type Api, newEmail, PASSWORD, startApi } from '../../support/api.ts';
import { comparable } from '../../support/comparable.ts';
import { mailsDelivered } from '../../support/mails-delivered.ts';

const AT_ONCE = 50;

type Ask = (email: string) => Promise<Answer<'status'>>;

describe('The mails that strangers can bring about at once', () => {
  let api: Api;
  before(async () => {
    api = await startApi({ EMAIL_VERIFICATION: 'required' });
  });
  after(() => api.stop());

  const register: Ask = (email) =>
    api.send('status', 'POST /auth/register', { body: { email, password: PASSWORD } });
  const forgot: Ask = (email) => api.send('status', 'POST /auth/password/forgot', { body: { email } });
  const rows = async (): Promise<number> => (await api.sql('SELECT FROM outbox')).length;

  /** How many entries are added to the outbox where fifty ask at once; expects the same answer for each. */
  async function addedByFifty(ask: Ask, email: string): Promise<number> {
    const before = await rows();
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => ask(email)));
    expect(new Set(answers.map(comparable)).size).to.equal(1);
    expect(answers[0]?.status).to.equal(202);
    return (await rows()) - before;
  }

  it('are ten to the owner of an account, and as many that nobody gets where there is none', async () => {
    const [known, unknown] = [newEmail(), newEmail()];
    await register(known);
    expect(await addedByFifty(forgot, known)).to.equal(10);
    expect(await addedByFifty(forgot, unknown)).to.equal(10);
    await mailsDelivered(api);
    const resets = api.mail.unread(known).filter((kind) => kind === 'reset-password');
    expect(resets).to.have.length(10);
    expect(api.mail.unread(unknown)).to.deep.equal([]);
  });

  it('are used up by registering a new address as they are by registering a known one', async () => {
    const [known, unknown] = [newEmail(), newEmail()];
    await register(known);
    expect(await addedByFifty(register, known)).to.equal(9);
    expect(await addedByFifty(register, unknown)).to.equal(10);
    expect(await addedByFifty(register, unknown)).to.equal(0);
  });
});
