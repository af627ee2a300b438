import { expect } from 'chai';
import { SYSTEM } from '../../../support/builders.ts';
import { type Member, type World, world } from '../../../support/world.ts';

describe('Authenticate', () => {
  let here: World;
  let person: Member;

  beforeEach(async () => {
    here = world();
    person = await here.patient();
  });

  const change = (changes: { readonly role?: 'physician' | 'patient'; readonly isActive?: boolean }) =>
    here.app.identity.updateUser.execute({ actor: SYSTEM, userId: person.user.id, changes });

  it('tells who is behind a token', async () => {
    expect(await here.whoIs(person.tokens)).to.deep.equal({
      kind: 'user',
      userId: person.user.id,
      tenantId: person.user.tenantId,
      sessionId: (await here.rows('sessions'))[0]?.id,
      role: 'patient',
      amr: ['pwd'],
      authTime: here.clock.now(),
    });
  });

  it('knows nobody behind what is no token of ours', async () => {
    for (const token of ['', 'token', person.tokens.refreshToken, `${person.tokens.accessToken}x`]) {
      expect(await here.app.access.authenticate.execute({ token })).to.equal(null);
    }
  });

  it('lets a token count until it expires', async () => {
    here.clock.advance(599.999);
    expect(await here.whoIs(person.tokens)).to.deep.equal(person.actor);
    here.clock.advance(0.001);
    expect(await here.whoIs(person.tokens)).to.equal(null);
  });

  it('refuses the tokens of a session that is over, not those of another one', async () => {
    const other = await here.signIn({ email: person.user.email });
    await here.app.access.logout.execute({ actor: person.actor });
    expect(await here.whoIs(person.tokens)).to.equal(null);
    expect(await here.whoIs(other.tokens)).to.deep.equal(other.actor);
  });

  it('refuses the tokens of a disabled account, those of before also when it is enabled again', async () => {
    await change({ isActive: false });
    expect(await here.whoIs(person.tokens)).to.equal(null);
    await change({ isActive: true });
    expect(await here.whoIs(person.tokens)).to.equal(null);
  });

  it('refuses tokens of a former role, also when the role is given back', async () => {
    await change({ role: 'physician' });
    expect(await here.whoIs(person.tokens)).to.equal(null);
    await change({ role: 'patient' });
    expect(await here.whoIs(person.tokens)).to.equal(null);
    const again = await here.signIn({ email: person.user.email });
    expect(again.actor.role).to.equal('patient');
  });

  it('writes nothing', async () => {
    const before = await here.adapters.database.read((tables) => tables);
    await here.whoIs(person.tokens);
    expect(await here.adapters.database.read((tables) => tables)).to.equal(before);
  });
});
