import { expect } from 'chai';
import { testAdapters } from '../../support/memory/test-adapters.ts';
import { compose } from '../../../src/main/compose.ts';
import { NO_CLIENT, PASSWORD, SYSTEM } from '../../support/builders.ts';
import { signedIn } from '../../support/signed-in.ts';

const PERSON = { email: 'person@example.org', password: PASSWORD, client: NO_CLIENT };

describe('Composing', () => {
  it('gives every use case under its feature and its name', () => {
    const app = compose(testAdapters());
    const useCases = Object.values({ ...app }).flatMap((feature) => Object.entries<object>({ ...feature }));
    expect(useCases).to.have.length.of.at.least(50);
    for (const [name, useCase] of useCases) {
      const className = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      expect(useCase.constructor.name).to.equal(className);
      expect(useCase).to.respondTo('execute');
    }
  });

  it('lets the use cases work on the same records', async () => {
    const { access, identity } = compose(testAdapters());
    const { user } = signedIn(await identity.registerUser.execute(PERSON));
    expect(signedIn(await access.login.execute(PERSON)).user).to.deep.equal(user);
  });

  it('lets two installations know nothing of each other', async () => {
    const [one, other] = [compose(testAdapters()), compose(testAdapters())];
    await one.identity.registerUser.execute(PERSON);
    const page = { limit: 25, after: null };
    expect((await other.identity.listUsers.execute({ actor: SYSTEM, page })).items).to.deep.equal([]);
  });

  it('uses an adapter that takes the place of another', async () => {
    const adapters = testAdapters();
    const blocked = { includes: (password: string) => password === PASSWORD };
    const { identity } = compose({ ...adapters, passwordBlockList: blocked });
    const refusal = await identity.registerUser.execute(PERSON).catch((error: unknown) => error);
    expect(refusal).to.have.property('reason', 'common');
  });
});
