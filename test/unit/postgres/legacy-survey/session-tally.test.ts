import { expect } from 'chai';
import {
  SessionTally,
  type SessionQuestions,
} from '../../../../src/adapters/postgres/legacy-survey/session-tally.ts';
import { readExpressSession } from '../../../../src/domain/legacy/legacy-session.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const HOUR = 3_600_000;

const QUESTIONS: SessionQuestions = {
  now: NOW,
  timeZone: null,
  subject: null,
  likelyZones: [],
  isInstant: false,
  isUserId: (text) => text.startsWith('u-'),
  isIdentifier: (text) => text.includes('@'),
};

/** A session whose two expiries agree but for `ahead` hours. */
interface Given {
  readonly expires: string;
  readonly ahead: number;
  readonly data?: object;
}

function factsOf(sessions: readonly Given[], questions: Partial<SessionQuestions> = {}) {
  const tally = new SessionTally({ ...QUESTIONS, ...questions });
  for (const { ahead, data = {}, expires } of sessions) {
    tally.add(JSON.stringify({ cookie: { expires }, ...data }), Date.parse(expires) + ahead * HOUR);
  }
  return tally.facts(true);
}

const SUMMER = '2027-07-01T10:00:00.000Z';
const WINTER = '2027-01-10T10:00:00.000Z';

describe('A tally of sessions', () => {
  it('tells UTC where both expiries agree', () => {
    const { offsets, timeZones } = factsOf([
      { expires: SUMMER, ahead: 0 },
      { expires: WINTER, ahead: 0 },
    ]);
    expect(offsets).to.deep.equal([{ minutes: 0, sessions: 2 }]);
    expect(timeZones[0]).to.equal('UTC');
    expect(timeZones).not.to.include('Europe/London');
  });

  it('tells a zone by its offsets in summer and in winter, a likely one first', () => {
    const sessions = [
      { expires: SUMMER, ahead: 3 },
      { expires: WINTER, ahead: 2 },
    ];
    const { countedIn, timeZones } = factsOf(sessions, { likelyZones: ['Asia/Jerusalem'] });
    expect(timeZones[0]).to.equal('Asia/Jerusalem');
    expect(timeZones).to.include('Europe/Athens').and.not.to.include.members(['Europe/Berlin', 'UTC']);
    expect(countedIn).to.equal('Asia/Jerusalem');
  });

  it('tells zones of half hours, and those behind UTC', () => {
    expect(factsOf([{ expires: SUMMER, ahead: 5.5 }]).timeZones).to.include.oneOf([
      'Asia/Calcutta',
      'Asia/Kolkata',
    ]);
    const newYork = factsOf([
      { expires: SUMMER, ahead: -4 },
      { expires: WINTER, ahead: -5 },
    ]);
    expect(newYork.timeZones).to.include('America/New_York');
  });

  it('names no zone where no single one explains all', () => {
    const { offsets, timeZones } = factsOf([
      { expires: SUMMER, ahead: 0 },
      { expires: SUMMER, ahead: 3 },
    ]);
    expect(offsets).to.have.length(2);
    expect(timeZones).to.deep.equal([]);
  });

  it('is not misled by sessions that were moved on since, nor by the few of them that fit by chance', () => {
    const clear = Array.from({ length: 40 }, () => ({ expires: SUMMER, ahead: 3 }));
    const { movedOn, timeZones } = factsOf(
      [...clear, { expires: SUMMER, ahead: 3.117 }, { expires: SUMMER, ahead: 11 }],
      { likelyZones: ['Asia/Jerusalem'] },
    );
    expect(movedOn).to.equal(1);
    expect(timeZones[0]).to.equal('Asia/Jerusalem');
  });

  it('takes a session for live only by both of its expiries, read in the zone', () => {
    const tally = new SessionTally({ ...QUESTIONS, timeZone: 'Asia/Jerusalem' });
    const add = (cookieHours: number, expireHours: number) => {
      const cookie = new Date(NOW.getTime() + cookieHours * HOUR);
      // What a clock in Jerusalem shows, in November.
      tally.add(JSON.stringify({ cookie: { expires: cookie } }), NOW.getTime() + (expireHours + 2) * HOUR);
    };
    add(1, 1);
    add(-1, 1);
    add(1, -1);
    add(-1, -1);
    tally.add(JSON.stringify({ cookie: {} }), NOW.getTime() + 9 * HOUR);
    expect(tally.facts(true)).to.include({ live: 1, dead: 4, deadByOne: 3, withoutExpiry: 1 });
  });

  for (const expires of [
    '2027-07-01 10:00:00Z',
    '2027-07-01',
    'Thu, 01 Jul 2027 10:00:00 GMT',
    '2027-07-01T10:00:00',
  ]) {
    it(`takes no session for live whose cookie ends at ${expires}, as nobody is let in by it`, () => {
      const json = JSON.stringify({ cookie: { expires } });
      const record = { json, expiresAt: new Date(SUMMER) };
      expect(readExpressSession(record, ['user'], NOW)).to.equal(null);
      const facts = factsOf([{ expires, ahead: 0 }], { timeZone: 'UTC' });
      expect(facts).to.include({ live: 0, dead: 1, withoutExpiry: 1, movedOn: 0 });
    });
  }

  it('finds where sessions name a person, and judges the place that is configured', () => {
    const signedIn = {
      expires: SUMMER,
      ahead: 0,
      data: { passport: { user: { id: 'u-7', identifier: 'a@b.example' } } },
    };
    const facts = factsOf([signedIn, { expires: SUMMER, ahead: 0 }], { subject: ['passport', 'user'] });
    expect(facts.places).to.deep.equal([
      { pointer: '/passport/user/id', sessions: 1, userIds: 1, identifiers: 0 },
      { pointer: '/passport/user/identifier', sessions: 1, userIds: 0, identifiers: 1 },
    ]);
    expect(facts.signedIn).to.equal(1);
    expect(facts.configured).to.deep.equal({ pointer: '/passport/user', sessions: 1, usable: 1 });
    expect(factsOf([signedIn], { subject: ['user'] }).configured).to.include({ sessions: 0, usable: 0 });
  });

  it('names no place whose name could be that of a person', () => {
    const data = { byUser: { 'dana@example.org': 'u-7', '000000018': 'u-8', u12345: 'u-9' } };
    expect(factsOf([{ expires: SUMMER, ahead: 0, data }]).places).to.deep.equal([]);
  });

  it('counts what it cannot read', () => {
    const tally = new SessionTally(QUESTIONS);
    tally.add('{', 0);
    tally.add('"text"', 0);
    tally.add(null, 0);
    expect(tally.facts(true)).to.include({ rows: 3, unreadable: 3, live: 0, dead: 0 });
  });
});
