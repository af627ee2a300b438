import { expect } from 'chai';
import { readConfig } from '../../../../src/main/config/config.ts';
import { ConfigRefused, type ConfigProblem } from '../../../../src/main/config/config-refused.ts';

type Env = Readonly<Record<string, string>>;

function problemsOf(env: Env): readonly ConfigProblem[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigRefused) return error.problems;
    throw error;
  }
}

const SECRET = 'a long secret of cookies';

describe('The settings of legacy sessions', () => {
  it('leave them out unless there is a secret', () => {
    expect(readConfig({}).settings.legacyBridge).to.equal(null);
    const all = { LEGACY_SESSION_TIME_ZONE: 'Asia/Jerusalem', LEGACY_SESSION_UNTIL: '2036-01-01' };
    expect(readConfig(all).settings.legacyBridge).to.equal(null);
    expect(readConfig({ LEGACY_SESSION_SECRETS: SECRET }).settings.legacyBridge).to.deep.equal({
      until: null,
    });
    expect(readConfig({ ...all, LEGACY_SESSION_SECRETS: SECRET }).ignored).to.deep.equal([]);
  });

  it('say how they are read', () => {
    const { legacySessions } = readConfig({
      LEGACY_SESSION_SECRETS: `${SECRET}, another one,x`,
      LEGACY_SESSION_TIME_ZONE: 'America/New_York',
      LEGACY_SESSION_SUBJECT: '/a~1b/user',
    });
    expect(legacySessions).to.deep.equal({
      secrets: [SECRET, 'another one', 'x'],
      timeZone: 'America/New_York',
      subject: ['a/b', 'user'],
    });
  });

  for (const [text, until] of [
    ['2027-06-30', '2027-07-01T00:00:00.000Z'],
    ['2028-02-29', '2028-03-01T00:00:00.000Z'],
    ['2027-06-30T18:00:00Z', '2027-06-30T18:00:00.000Z'],
    ['2027-06-30T18:00:00.5+03:00', '2027-06-30T15:00:00.500Z'],
    ['2020-01-01', '2020-01-02T00:00:00.000Z'],
  ] as const) {
    it(`take ${text} for their end at ${until}`, () => {
      const { legacyBridge } = readConfig({
        LEGACY_SESSION_SECRETS: SECRET,
        LEGACY_SESSION_UNTIL: text,
      }).settings;
      expect(legacyBridge).to.deep.equal({ until: new Date(until) });
    });
  }

  for (const zone of [
    'UTC',
    'GMT',
    'Asia/Jerusalem',
    'asia/jerusalem',
    'Etc/GMT+2',
    'America/Argentina/Ushuaia',
    'Israel',
  ]) {
    it(`take the zone ${zone}`, () => {
      expect(readConfig({ LEGACY_SESSION_TIME_ZONE: zone }).legacySessions.timeZone).to.equal(zone);
    });
  }

  const zones = 'must be a name of the IANA time zone database, such as Asia/Jerusalem';
  const secrets = 'must be secrets separated by commas, none of them empty';
  const pointer = 'must be a JSON pointer (RFC 6901), such as /passport/user';
  const dates = 'must be a date such as 2027-06-30, or an instant such as 2027-06-30T18:00:00Z';

  for (const [setting, remedy, ...values] of [
    ['LEGACY_SESSION_SECRETS', secrets, ',', 'a,,b', 'a, ,b', `${SECRET},`, ' '],
    [
      'LEGACY_SESSION_TIME_ZONE',
      zones,
      '+02:00',
      '+02',
      'IST',
      'EET',
      'Mars/Phobos',
      'Asia/',
      'UTC+2',
      "UTC'; --",
    ],
    ['LEGACY_SESSION_SUBJECT', pointer, 'passport.user', 'passport/user', '/a~2', '#/passport/user'],
    [
      'LEGACY_SESSION_UNTIL',
      dates,
      'never',
      '2027-02-30',
      '2027-13-01',
      '30.6.2027',
      '2027-06-30T18:00:00',
      '1800000000',
    ],
  ] as const) {
    for (const value of values) {
      it(`refuse ${setting}=${value} and say what to set`, () => {
        expect(problemsOf({ [setting]: value })).to.deep.equal([{ setting, remedy }]);
      });
    }
  }
});

describe('The settings of legacy sessions in production', () => {
  const namesOf = (env: Env): readonly string[] =>
    problemsOf({ CASEGATE_PROFILE: 'production', ...env })
      .map(({ setting }) => setting)
      .filter((name) => name.startsWith('LEGACY'));

  it('name the day of their end', () => {
    expect(namesOf({})).to.deep.equal([]);
    expect(namesOf({ LEGACY_SESSION_SECRETS: SECRET })).to.deep.equal(['LEGACY_SESSION_UNTIL']);
    expect(namesOf({ LEGACY_SESSION_SECRETS: SECRET, LEGACY_SESSION_UNTIL: '2020-01-01' })).to.deep.equal([]);
  });

  for (const weak of ['keyboard cat', 'fifteen letters', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'abababababababab']) {
    it(`have no secret that can be guessed, such as ${weak}, among others or alone`, () => {
      for (const list of [weak, `${SECRET},${weak}`]) {
        const env = { LEGACY_SESSION_SECRETS: list, LEGACY_SESSION_UNTIL: '2036-01-01' };
        expect(namesOf(env)).to.deep.equal(['LEGACY_SESSION_SECRETS']);
        expect(
          problemsOf({ CASEGATE_PROFILE: 'production', ...env })
            .map(({ remedy }) => remedy)
            .join(),
        ).not.to.include(weak);
      }
    });
  }

  it('leave the demo what secrets it likes', () => {
    expect(problemsOf({ LEGACY_SESSION_SECRETS: 'keyboard cat' })).to.deep.equal([]);
  });
});
