import { expect } from 'chai';
import { testAdapters } from '../../support/memory/test-adapters.ts';
import { RefreshReused } from '../../../src/domain/access/errors.ts';
import type { UserActor } from '../../../src/domain/access/actor.ts';
import { compose } from '../../../src/main/compose.ts';
import { refusalOf } from '../../contracts/stores/expectations.ts';
import { NO_CLIENT, PASSWORD } from '../../support/builders.ts';

const ACCOUNT = { email: 'dana@example.org', password: PASSWORD, client: NO_CLIENT };

/** The use cases on an installation in memory, with a patient who has just registered. */
async function withPatient() {
  const adapters = testAdapters();
  const app = compose(adapters);
  const { tokens } = await app.identity.registerUser.execute(ACCOUNT);
  const actorBehind = (token: string): Promise<UserActor | null> =>
    app.access.authenticate.execute({ token });
  return { adapters, app, tokens, actorBehind };
}

describe('The memory adapters', () => {
  it('run a patient from registration to a case that he reads again', async () => {
    const { app } = await withPatient();
    const { tokens } = await app.access.login.execute(ACCOUNT);
    const actor = await app.access.authenticate.execute({ token: tokens.accessToken });
    const submission = { actor: actor!, language: 'en', question: 'Is surgery needed?' };
    const { view } = await app.cases.submitCase.execute(submission);
    const read = await app.cases.getCase.execute({ actor: actor!, caseId: view.case.id });
    expect(read).to.deep.equal(view);
    expect(read?.conversation?.question).to.equal('Is surgery needed?');
  });

  it('end a session whose refresh token is used again after the retry', async () => {
    const { adapters, app, tokens, actorBehind } = await withPatient();
    const next = await app.access.refreshToken.execute(tokens);
    expect(await actorBehind(next.accessToken)).to.not.equal(null);
    adapters.clock.advance(11);
    await refusalOf(RefreshReused, app.access.refreshToken.execute(tokens));
    expect(await actorBehind(next.accessToken)).to.equal(null);
  });

  it('refuse the tokens of a session that was signed out', async () => {
    const { app, tokens, actorBehind } = await withPatient();
    const actor = await actorBehind(tokens.accessToken);
    await app.access.logout.execute({ actor: actor! });
    expect(await actorBehind(tokens.accessToken)).to.equal(null);
  });

  it('give the same ids in each run', async () => {
    const [first, second] = await Promise.all([withPatient(), withPatient()]);
    const idIn = async ({ tokens, actorBehind }: typeof first) =>
      (await actorBehind(tokens.accessToken))?.userId;
    expect(await idIn(first))
      .to.equal(await idIn(second))
      .and.to.be.a('string');
  });

  it('keep installations apart', async () => {
    const { tokens } = await withPatient();
    const { actorBehind } = await withPatient();
    expect(await actorBehind(tokens.accessToken)).to.equal(null);
  });
});
