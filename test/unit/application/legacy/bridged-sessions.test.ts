import { expect } from 'chai';
import { RefreshInvalid } from '../../../../src/domain/access/errors.ts';
import type { LegacyLink } from '../../../../src/domain/legacy/legacy-link.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { compose } from '../../../../src/main/compose.ts';
import { NOW, PASSWORD } from '../../../support/builders.ts';
import { type GivenSession, type LegacyWorld, legacyWorld } from '../../../support/legacy-world.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { signedIn } from '../../../support/signed-in.ts';
import type { Member } from '../../../support/world.ts';

const SID = 'the sid';

describe('A session that stands on a legacy one', () => {
  let here: LegacyWorld;
  let person: Member;
  let link: LegacyLink;
  let refreshToken: string;

  beforeEach(async () => {
    here = legacyWorld({}, { until: addSeconds(NOW, 2_000) });
    person = await here.patient();
    link = await here.link(person.user, { normal: 'u-1' });
    refreshToken = await enter();
  });

  async function enter(given: GivenSession = {}, vendorId?: string): Promise<string> {
    const cookie = here.cookieOf(await here.writeSession({ sid: SID, ...given }));
    return signedIn((await here.bridge(cookie, vendorId)) ?? expect.fail('closed')).tokens.refreshToken;
  }
  const refresh = async (app = here.app) => {
    const tokens = await app.access.refreshToken.execute({ refreshToken });
    ({ refreshToken } = tokens);
    return tokens;
  };
  const expectOver = async (app = here.app): Promise<void> => {
    expect(await refusalOf(refresh(app))).to.be.instanceOf(RefreshInvalid);
    const session = await here.session();
    expect(session).to.deep.include({ endedAt: here.clock.now(), endReason: 'legacy-signed-out' });
    expect((await here.audited('access.session-ended')).at(-1)).to.deep.include({
      actor: { kind: 'anonymous' },
      subject: { type: 'session', id: session.id },
      details: { reason: 'legacy-signed-out' },
    });
    const ended = await here.audited('access.session-ended');
    expect(await refusalOf(refresh(app))).to.be.instanceOf(RefreshInvalid);
    expect(await here.audited('access.session-ended')).to.deep.equal(ended);
  };

  it('is refreshed while that one lives', async () => {
    for (let use = 0; use < 3; use += 1) {
      here.clock.advance(500);
      const tokens = await refresh();
      expect((await here.whoIs(tokens))?.amr).to.deep.equal(['legacy_session']);
    }
  });

  it('gives the same successor to a retry', async () => {
    const first = refreshToken;
    const successor = (await refresh()).refreshToken;
    here.clock.advance(10);
    refreshToken = first;
    expect((await refresh()).refreshToken).to.equal(successor);
  });

  it('ends at its next refresh after the person has signed out there', async () => {
    const { accessToken } = await refresh();
    await here.logOut(SID);
    expect(await here.whoIs({ accessToken } as never)).to.not.equal(null);
    await expectOver();
    expect(await here.whoIs({ accessToken } as never)).to.equal(null);
  });

  it('ends also where the retry of a refresh is what finds it out', async () => {
    const first = refreshToken;
    await refresh();
    await here.logOut(SID);
    refreshToken = first;
    await expectOver();
  });

  it('ends where the legacy session was cut short, by either of its times', async () => {
    for (const given of [{ storeSeconds: 100 }, { cookieSeconds: 100 }]) {
      refreshToken = await enter();
      await here.writeSession({ sid: SID, ...given });
      const tokens = await refresh();
      expect(tokens).to.include({ expiresIn: 100, refreshExpiresIn: 100 });
      here.clock.advance(100);
      await expectOver();
      await here.writeSession({ sid: SID });
    }
  });

  it('ends where somebody else has signed in by the same legacy session, or nobody is left', async () => {
    for (const user of [{ id: 'u-2', vendorId: 'fund' }, { id: 'u-1', vendorId: 'other' }, null]) {
      await here.writeSession({ sid: SID, user });
      await expectOver();
      refreshToken = await enter();
    }
  });

  it('ends where the link was undone', async () => {
    await here.unlink(link);
    await expectOver();
  });

  it('ends where the identifier became somebody else’s, who can enter by the same legacy session', async () => {
    await here.unlink(link);
    const { user } = await here.patient();
    await here.link(user, { normal: 'u-1' });
    expect(await refusalOf(refresh())).to.be.instanceOf(RefreshInvalid);
    refreshToken = await enter();
    await refresh();
    expect((await here.session()).userId).to.equal(user.id);
  });

  it('goes on where the vendor was told by the request', async () => {
    refreshToken = await enter({ user: 'u-1' }, 'Fund');
    await refresh();
    await here.writeSession({ sid: SID, user: 'u-2' });
    await expectOver();
  });

  it('ends where legacy sessions do not count any more: after the sunset, and where they were switched off', async () => {
    const { settings } = here.adapters;
    const off = compose({ ...here.adapters, settings: { ...settings, legacyBridge: null } });
    await expectOver(off);
    refreshToken = await enter();
    here.clock.advance(500);
    await refresh();
    const past = { ...settings, legacyBridge: { until: here.clock.now() } };
    await expectOver(compose({ ...here.adapters, settings: past }));
  });

  it('ends where the account is a patient’s no more', async () => {
    await here.adapters.database.write((tables) => {
      const user = tables.users.get(person.user.id)!;
      tables.users.set(user.id, { ...user, role: 'physician' });
    });
    await expectOver();
  });

  it('stands on it also after a step-up, whose access token lives no longer', async () => {
    refreshToken = await enter({ storeSeconds: 50 });
    const actor = (await here.whoIs(await refresh())) ?? expect.fail('no actor');
    const proof = { password: PASSWORD };
    expect((await here.app.access.stepUp.execute({ actor, proof })).expiresIn).to.equal(50);
    await here.logOut(SID);
    await expectOver();
  });

  it('costs ordinary sessions nothing: the legacy ones are not asked', async () => {
    const asked: string[] = [];
    const { legacySessions } = here.adapters;
    const app = compose({
      ...here.adapters,
      legacySessions: {
        find: (sid, now) => {
          asked.push(sid);
          return legacySessions.find(sid, now);
        },
      },
    });
    ({ refreshToken } = person.tokens);
    await refresh(app);
    expect(asked).to.deep.equal([]);
    refreshToken = await enter();
    await refresh(app);
    expect(asked).to.deep.equal([SID]);
  });

  it('is one of many: signing out there ends no other session of the account', async () => {
    await here.logOut(SID);
    await expectOver();
    ({ refreshToken } = person.tokens);
    await refresh();
  });
});
