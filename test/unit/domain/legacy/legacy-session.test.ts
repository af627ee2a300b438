import { expect } from 'chai';
import fc from 'fast-check';
import { isBridgeOpen } from '../../../../src/domain/legacy/legacy-bridge.ts';
import { readExpressSession } from '../../../../src/domain/legacy/legacy-session.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { NOW } from '../../../support/builders.ts';

const POINTER = ['passport', 'user'];
const later = (seconds: number): Date => addSeconds(NOW, seconds);
const sessionOf = (given: object, pointer: readonly string[] = POINTER) =>
  readExpressSession(
    {
      json: JSON.stringify({ cookie: { expires: later(60).toISOString() }, ...given }),
      expiresAt: later(60),
    },
    pointer,
    NOW,
  );

describe('A session of express-session', () => {
  it('has its subject where the operator says', () => {
    const subject = { userId: 'u-1', identifier: null, vendorId: null };
    expect(sessionOf({ user: 'u-1' }, ['user'])?.subject).to.deep.equal(subject);
    expect(sessionOf({ auth: [{ uid: 'u-1' }] }, ['auth', '0', 'uid'])?.subject).to.deep.equal(subject);
    expect(sessionOf({ passport: { user: 'u-1' } }, ['user'])?.subject).to.equal(null);
  });

  it('reads the time of its cookie in any offset, and none without one', () => {
    const expiryOf = (expires: string) => sessionOf({ cookie: { expires } })?.expiresAt;
    expect(expiryOf('2026-03-01T10:00:59+02:00')).to.deep.equal(later(59));
    expect(expiryOf('2026-03-01T08:00:59Z')).to.deep.equal(later(59));
    expect(expiryOf('2026-03-01T08:01Z')).to.deep.equal(later(60));
    for (const none of [
      '2026-03-01T08:00:59',
      '2026-03-01',
      '2026-13-01T08:00:59Z',
      'Sun, 01 Mar 2026 09:00:00 GMT',
    ]) {
      expect(expiryOf(none)).to.equal(undefined);
    }
  });

  it('is over where its store says no time', () => {
    const json = JSON.stringify({ cookie: { expires: later(60).toISOString() } });
    expect(readExpressSession({ json, expiresAt: null }, POINTER, NOW)).to.equal(null);
    expect(readExpressSession({ json, expiresAt: new Date(NaN) }, POINTER, NOW)).to.equal(null);
  });

  it('never outlives either time, whatever they are', () => {
    const seconds = fc.integer({ min: -100_000, max: 100_000 });
    fc.assert(
      fc.property(seconds, seconds, (store, cookie) => {
        const json = JSON.stringify({ cookie: { expires: later(cookie).toISOString() } });
        const session = readExpressSession({ json, expiresAt: later(store) }, POINTER, NOW);
        const end = Math.min(store, cookie);
        expect(session?.expiresAt ?? null).to.deep.equal(end > 0 ? later(end) : null);
      }),
    );
  });

  it('never throws, whatever its data are', () => {
    const anything = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constant('{"cookie":'));
    const inside = fc
      .jsonValue()
      .map((user) => JSON.stringify({ cookie: { expires: later(60).toISOString() }, passport: { user } }));
    fc.assert(
      fc.property(fc.oneof(anything, inside), (json) => {
        const session = readExpressSession({ json, expiresAt: later(60) }, POINTER, NOW);
        for (const text of Object.values<string | null>({ ...session?.subject })) {
          if (text !== null) expect(text.length).to.be.within(1, 254);
        }
      }),
    );
  });
});

describe('The bridge to legacy sessions', () => {
  it('is open until its last moment, or for good where none was named, and never where it was not opened', () => {
    expect(isBridgeOpen({ until: later(1) }, NOW)).to.equal(true);
    expect(isBridgeOpen({ until: NOW }, NOW)).to.equal(false);
    expect(isBridgeOpen({ until: null }, NOW)).to.equal(true);
    expect(isBridgeOpen(null, NOW)).to.equal(false);
  });
});
