import { expect } from 'chai';
import { at, newId, NOW } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'legacySessions' | 'writeLegacySession'>;

const SUBJECT = { id: 'u-7', identifier: '203040506', vendorId: ' A-Fund ' };

const dataOf = (cookieExpires: unknown, user: unknown): string =>
  JSON.stringify({ cookie: { originalMaxAge: 1000, expires: cookieExpires }, passport: { user } });

/** Data that is not what express-session writes; `null` finds no subject either. */
const HOSTILE: readonly string[] = [
  'null',
  '1',
  '"text"',
  '[]',
  '{}',
  '{"cookie":null}',
  '{"cookie":{"expires":{}}}',
  '{"cookie":{"expires":["2036-01-01T00:00:00Z"]}}',
  '{"cookie":{"expires":true}}',
  '{"cookie":"2036-01-01T00:00:00Z"}',
  '{"__proto__":{"cookie":{"expires":"2036-01-01T00:00:00Z"}}}',
  `${'['.repeat(2000)}${']'.repeat(2000)}`,
];

/** What every `LegacySessions` reads, whatever shape it is stored in. */
export function legacySessionsContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as LegacySessions`, () => {
    describe('the life of a session', () => {
      lifeContract(open);
    });
    describe('the subject of a session', () => {
      subjectContract(open);
    });
  });
}

function lifeContract(open: OpenWorld<keyof World>): void {
  const find = async (world: World, json: string, expiresAt: Date, now = NOW) => {
    const sid = newId();
    await world.writeLegacySession(sid, json, expiresAt);
    return world.legacySessions.find(sid, now);
  };

  it('ends at the earlier of what the store and the cookie say', async () => {
    const world = await open();
    for (const [store, cookie] of [
      [60, 120],
      [120, 60],
      [60, 60],
    ] as const) {
      const json = dataOf(at(cookie).toISOString(), SUBJECT);
      expect(await find(world, json, at(store))).to.deep.include({ expiresAt: at(60) });
      expect(await find(world, json, at(store), at(59.999))).to.deep.include({ expiresAt: at(60) });
      expect(await find(world, json, at(store), at(60))).to.equal(null);
    }
  });

  it('is over where either says so', async () => {
    const world = await open();
    expect(await find(world, dataOf(at(-1).toISOString(), SUBJECT), at(60))).to.equal(null);
    expect(await find(world, dataOf(at(60).toISOString(), SUBJECT), at(-1))).to.equal(null);
  });

  for (const expires of [undefined, null, '', 'never', 'Infinity', 1e15, false, '2036-01-01 00:00:00']) {
    it(`is over where the cookie expires ${JSON.stringify(expires)}`, async () => {
      expect(await find(await open(), dataOf(expires, SUBJECT), at(60))).to.equal(null);
    });
  }

  it('follows what the legacy service writes', async () => {
    const world = await open();
    const sid = newId();
    const live = dataOf(at(600).toISOString(), SUBJECT);
    await world.writeLegacySession(sid, live, at(60));
    await world.writeLegacySession(sid, live, at(300));
    expect(await world.legacySessions.find(sid, NOW)).to.deep.include({ expiresAt: at(300) });
    await world.writeLegacySession(sid, dataOf(at(-1).toISOString(), SUBJECT), at(300));
    expect(await world.legacySessions.find(sid, NOW)).to.equal(null);
  });

  it('finds nothing by a sid that no session has', async () => {
    const { legacySessions } = await open();
    for (const sid of [newId(), '', "' OR true --", '%', '*']) {
      expect(await legacySessions.find(sid, NOW)).to.equal(null);
    }
  });

  it('finds nothing behind data that makes no sense', async () => {
    const world = await open();
    for (const json of HOSTILE) expect(await find(world, json, at(60))).to.equal(null);
  });
}

function subjectContract(open: OpenWorld<keyof World>): void {
  const subjectOf = async (world: World, user: unknown) => {
    const sid = newId();
    await world.writeLegacySession(sid, dataOf(at(60).toISOString(), user), at(60));
    const session = await world.legacySessions.find(sid, NOW);
    expect(session).to.not.equal(null);
    return session?.subject;
  };
  const byUserId = (userId: string) => ({ userId, identifier: null, vendorId: null });

  it('is read from an object, the vendor in its normal form', async () => {
    const world = await open();
    const subject = { userId: 'u-7', identifier: '203040506', vendorId: 'a-fund' };
    expect(await subjectOf(world, SUBJECT)).to.deep.equal(subject);
    expect(await subjectOf(world, { id: 'U 1' })).to.deep.equal(byUserId('U 1'));
    expect(await subjectOf(world, { identifier: '+972541234567', vendorId: '' })).to.deep.equal({
      userId: null,
      identifier: '+972541234567',
      vendorId: null,
    });
  });

  it('is read from a text, which is the legacy user id', async () => {
    expect(await subjectOf(await open(), '4711')).to.deep.equal(byUserId('4711'));
  });

  it('has ids that are whole numbers as texts', async () => {
    const world = await open();
    expect(await subjectOf(world, 4711)).to.deep.equal(byUserId('4711'));
    expect(await subjectOf(world, { id: 4711 })).to.deep.equal(byUserId('4711'));
  });

  for (const user of [
    undefined,
    null,
    {},
    [],
    '',
    ' ',
    true,
    0.5,
    1e300,
    ['4711'],
    { id: '' },
    { id: {}, identifier: [] },
    { id: 'x'.repeat(255) },
    { id: 'a\0b' },
    { vendorId: 'a-fund' },
    { toString: 'u-1' },
  ]) {
    it(`is nobody where the session says ${(JSON.stringify(user) as string | undefined)?.slice(0, 40) ?? 'nothing'}`, async () => {
      expect(await subjectOf(await open(), user)).to.equal(null);
    });
  }
}
