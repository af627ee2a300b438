import { expect } from 'chai';
import { RefreshInvalid, RefreshReused } from '../../../../src/domain/access/errors.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { NOW, SYSTEM } from '../../../support/builders.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

describe('RefreshToken', () => {
  let here: World;
  let person: Member;

  beforeEach(async () => {
    here = world();
    person = await here.patient();
  });

  const refresh = (refreshToken: string) => here.app.access.refreshToken.execute({ refreshToken });
  const refreshAgain = () => refresh(person.tokens.refreshToken);
  const session = async () =>
    (await here.rows('sessions')).find(({ id }) => id === person.actor.sessionId) ??
    expect.fail('no session');

  it('gives another pair for the same session, and the access token speaks for the same person', async () => {
    const tokens = await refreshAgain();
    expect(tokens.refreshToken).not.to.equal(person.tokens.refreshToken);
    expect(tokens.accessToken).not.to.equal(person.tokens.accessToken);
    expect(tokens).to.include({ expiresIn: 600, refreshExpiresIn: 1000 });
    expect(await here.whoIs(tokens)).to.deep.equal(person.actor);
  });

  it('leaves the access token alone that was made before', async () => {
    await refreshAgain();
    expect(await here.whoIs(person.tokens)).to.deep.equal(person.actor);
  });

  it('goes on from token to token, and each use moves the idle limit', async () => {
    let { refreshToken } = person.tokens;
    for (let use = 1; use <= 4; use += 1) {
      here.clock.advance(999);
      ({ refreshToken } = await refresh(refreshToken));
      expect((await session()).lastUsedAt).to.deep.equal(addSeconds(NOW, use * 999));
      expect((await session()).idleExpiresAt).to.deep.equal(addSeconds(NOW, use * 999 + 1000));
    }
  });

  it('tells how long the next token counts, which ends with the session', async () => {
    let { refreshToken, refreshExpiresIn } = person.tokens;
    for (const seconds of [900, 900, 900, 900, 900]) {
      here.clock.advance(seconds);
      ({ refreshToken, refreshExpiresIn } = await refresh(refreshToken));
    }
    expect(refreshExpiresIn).to.equal(500);
    here.clock.advance(500);
    expect(await refusalOf(refresh(refreshToken))).to.be.instanceOf(RefreshInvalid);
  });

  it('writes nothing into the trail', async () => {
    const before = await here.audited();
    await refreshAgain();
    expect(await here.audited()).to.deep.equal(before);
  });

  describe('with a token that was used moments ago', () => {
    it('gives the same successor until ten seconds after, that moment included', async () => {
      const { refreshToken } = await refreshAgain();
      expect((await refreshAgain()).refreshToken).to.equal(refreshToken);
      here.clock.advance(10);
      const retried = await refreshAgain();
      expect(retried.refreshToken).to.equal(refreshToken);
      expect(await here.whoIs(retried)).to.deep.equal(person.actor);
      expect(await refresh(refreshToken)).to.include({ expiresIn: 600 });
    });

    it('does not prolong the time in which it does so', async () => {
      await refreshAgain();
      here.clock.advance(9);
      await refreshAgain();
      here.clock.advance(1.001);
      expect(await refusalOf(refreshAgain())).to.be.instanceOf(RefreshReused);
    });

    it('gives the same successor to forty at once, so that two tabs log nobody out', async () => {
      const all = await Promise.all(Array.from({ length: 40 }, refreshAgain));
      expect(new Set(all.map(({ refreshToken }) => refreshToken)).size).to.equal(1);
      expect(await here.rows('refreshTokens')).to.have.length(2);
      expect((await session()).endedAt).to.equal(null);
    });

    it('gives the same successor even where that one was used already', async () => {
      const second = await refreshAgain();
      const third = await refresh(second.refreshToken);
      expect((await refreshAgain()).refreshToken).to.equal(second.refreshToken);
      expect((await refresh(second.refreshToken)).refreshToken).to.equal(third.refreshToken);
    });
  });

  describe('with a token that was used before that', () => {
    beforeEach(() => here.clock.advance(1));

    it('refuses and ends the session: its access tokens and the successor count no more', async () => {
      const successor = await refreshAgain();
      here.clock.advance(10.001);
      expect(await refusalOf(refreshAgain())).to.be.instanceOf(RefreshReused);
      expect(await session()).to.deep.include({
        endedAt: here.clock.now(),
        endReason: 'refresh-reused',
      });
      expect(await here.whoIs(person.tokens)).to.equal(null);
      expect(await here.whoIs(successor)).to.equal(null);
      expect(await refusalOf(refresh(successor.refreshToken))).to.be.instanceOf(RefreshInvalid);
    });

    it('leaves the line with the reason in the trail, though it refuses', async () => {
      await refreshAgain();
      here.clock.advance(60);
      await refusalOf(refreshAgain());
      const entries = await here.audited('access.session-ended');
      expect(entries).to.have.length(1);
      expect(entries[0]).to.deep.include({
        tenantId: person.user.tenantId,
        actor: { kind: 'anonymous' },
        subject: { type: 'session', id: person.actor.sessionId },
        at: here.clock.now(),
        details: { reason: 'refresh-reused' },
      });
    });

    it('tells of it once, however many replay', async () => {
      await refreshAgain();
      here.clock.advance(60);
      const refusals = await Promise.all(Array.from({ length: 10 }, () => refusalOf(refreshAgain())));
      expect(refusals.some((refusal) => refusal instanceof RefreshReused)).to.equal(true);
      expect(await here.audited('access.session-ended')).to.have.length(1);
      expect(await refusalOf(refreshAgain())).to.be.instanceOf(RefreshInvalid);
    });

    it('leaves the other sessions of the person alone', async () => {
      const other = await here.signIn({ email: person.user.email });
      await refreshAgain();
      here.clock.advance(60);
      await refusalOf(refreshAgain());
      expect(await here.whoIs(other.tokens)).to.deep.equal(other.actor);
      expect(await refresh(other.tokens.refreshToken)).to.include({ expiresIn: 600 });
    });
  });

  describe('refuses', () => {
    const refuses = async (refreshToken: string) =>
      expect(await refusalOf(refresh(refreshToken))).to.be.instanceOf(RefreshInvalid);

    it('a token that it never gave', async () => {
      await refuses(here.adapters.refreshTokens.issue().token);
    });

    it('a text that cannot be a token', async () => {
      for (const text of ['', 'token', `${person.tokens.refreshToken}=`, 'x'.repeat(10_000), '\0']) {
        await refuses(text);
      }
    });

    it('an access token', async () => {
      await refuses(person.tokens.accessToken);
    });

    it('a token at the moment when its session is idle for too long', async () => {
      here.clock.advance(1000);
      await refuses(person.tokens.refreshToken);
    });

    it('a token of a session that was ended', async () => {
      await here.app.access.logout.execute({ actor: person.actor });
      await refuses(person.tokens.refreshToken);
    });

    it('a token of a disabled account, and of one that is enabled again', async () => {
      const { updateUser } = here.app.identity;
      await updateUser.execute({ actor: SYSTEM, userId: person.user.id, changes: { isActive: false } });
      await refuses(person.tokens.refreshToken);
      await updateUser.execute({ actor: SYSTEM, userId: person.user.id, changes: { isActive: true } });
      await refuses(person.tokens.refreshToken);
    });
  });

  it('puts a changed role into the next access token', async () => {
    const changes = { role: 'physician' } as const;
    await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: person.user.id, changes });
    expect(await here.whoIs(await refreshAgain())).to.deep.equal({ ...person.actor, role: 'physician' });
  });
});
