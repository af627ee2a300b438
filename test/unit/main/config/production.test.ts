import { expect } from 'chai';
import { readConfig } from '../../../../src/main/config/config.ts';
import { ConfigRefused } from '../../../../src/main/config/config-refused.ts';

type Env = Readonly<Record<string, string | undefined>>;

const keyOf = (step: number): string =>
  Buffer.from(Array.from({ length: 32 }, (_, index) => (index * step) % 256)).toString('base64');

/** A key of 15 different octets: fewer than a random one has. */
const FIFTEEN = Buffer.from(Array.from({ length: 32 }, (_, index) => index % 15)).toString('base64');

/** All that production asks for. */
const SAFE: Env = {
  CASEGATE_PROFILE: 'production',
  DATABASE_URL: 'postgres://casegate@db.example.org/casegate',
  PUBLIC_URL: 'https://casegate.example.org',
  MASTER_KEY: keyOf(7),
  AUDIT_KEY: keyOf(5),
  SMTP_URL: 'smtps://casegate:secret@mail.example.org',
  MAIL_FROM: 'Casegate <cases@example.org>',
};

function refusalOf(env: Env): ConfigRefused {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigRefused) return error;
    throw error;
  }
  return expect.fail('the configuration was accepted');
}

/** What is refused, as `SETTING: remedy`. */
const unsafe = (env: Env): readonly string[] =>
  refusalOf(env).problems.map(({ setting, remedy }) => `${setting}: ${remedy}`);

describe('Production', () => {
  it('has the rules that NIST and the practice ask for, and none of the demo’s conveniences', () => {
    const { settings, smtp, mailFrom } = readConfig(SAFE);
    expect(settings).to.deep.include({
      passwordMinLength: { alone: 15, withSecondFactor: 8 },
      signIn: { emailVerification: 'required', secondFactor: 'staff' },
      anonymousCases: false,
    });
    expect({ smtp, mailFrom }).to.deep.equal({
      smtp: { url: SAFE['SMTP_URL'], requireTls: true },
      mailFrom: SAFE['MAIL_FROM'],
    });
  });

  it('lets mail come from the host of the public address, where nothing else is said', () => {
    const { mailFrom } = readConfig({ ...SAFE, MAIL_FROM: undefined });
    expect(mailFrom).to.equal(`Casegate <no-reply@${new URL(SAFE['PUBLIC_URL'] ?? '').hostname}>`);
  });

  it('lists everything that is missing', () => {
    const missing = refusalOf({ CASEGATE_PROFILE: 'production' }).problems.map(({ setting }) => setting);
    expect(missing).to.deep.equal(['DATABASE_URL', 'PUBLIC_URL', 'MASTER_KEY', 'AUDIT_KEY', 'SMTP_URL']);
  });

  it('lists everything that is unsafe', () => {
    const refused = refusalOf({
      CASEGATE_PROFILE: 'production',
      PUBLIC_URL: 'http://casegate.example.org',
      MASTER_KEY: Buffer.alloc(32).toString('base64'),
      AUDIT_KEY: Buffer.alloc(32).toString('base64'),
      ANONYMOUS_CASES: 'on',
      EMAIL_VERIFICATION: 'optional',
      ARGON2_MEMORY_KIB: '19455',
      ARGON2_PASSES: '1',
      TRUST_PROXY: 'true',
    });
    expect(refused.problems.map(({ setting }) => setting)).to.deep.equal([
      'DATABASE_URL',
      'PUBLIC_URL',
      'MASTER_KEY',
      'AUDIT_KEY',
      'AUDIT_KEY',
      'ANONYMOUS_CASES',
      'EMAIL_VERIFICATION',
      'ARGON2_MEMORY_KIB',
      'ARGON2_PASSES',
      'TRUST_PROXY',
      'SMTP_URL',
    ]);
  });

  for (const [what, change, line] of [
    ['the embedded database', { DATABASE_URL: undefined }, /^DATABASE_URL: set the connection string/],
    ['no public address', { PUBLIC_URL: '' }, /^PUBLIC_URL: set the https URL/],
    ['a plain public address', { PUBLIC_URL: 'http://casegate.example.org' }, /^PUBLIC_URL: plain http/],
    ['one in capitals', { PUBLIC_URL: 'HTTP://casegate.example.org' }, /^PUBLIC_URL: plain http/],
    ['one after a blank', { PUBLIC_URL: ' http://casegate.example.org' }, /^PUBLIC_URL: plain http/],
    ['no master key', { MASTER_KEY: undefined }, /^MASTER_KEY: set 32 random bytes .*openssl rand/],
    ['a master key of few octets', { MASTER_KEY: FIFTEEN }, /^MASTER_KEY: the key is not random/],
    ['no audit key', { AUDIT_KEY: '' }, /^AUDIT_KEY: set 32 random bytes .*openssl rand/],
    ['an audit key of few octets', { AUDIT_KEY: keyOf(128) }, /^AUDIT_KEY: the key is not random/],
    ['one key for both purposes', { AUDIT_KEY: SAFE['MASTER_KEY'] }, /^AUDIT_KEY: set another key than/],
    ['anonymous cases', { ANONYMOUS_CASES: 'on' }, /^ANONYMOUS_CASES: .*set off, or leave it out/],
    ['unverified addresses', { EMAIL_VERIFICATION: 'optional' }, /^EMAIL_VERIFICATION: set required/],
    ['hashing with less memory', { ARGON2_MEMORY_KIB: '19455' }, /^ARGON2_MEMORY_KIB: set at least 19456/],
    ['hashing in one pass', { ARGON2_PASSES: '1' }, /^ARGON2_PASSES: set at least 2/],
    ['no mail server', { SMTP_URL: '' }, /^SMTP_URL: set the connection string of your mail server/],
    ['trust in every proxy', { TRUST_PROXY: 'true' }, /^TRUST_PROXY: .*name them/],
  ] as const) {
    it(`refuses ${what} and says what to set`, () => {
      const lines = unsafe({ ...SAFE, ...change });
      expect(lines).to.have.length(1);
      expect(lines[0]).to.match(line);
    });
  }

  for (const [what, change] of [
    ['keys of sixteen different octets', { MASTER_KEY: keyOf(16) }],
    ['anonymous cases off', { ANONYMOUS_CASES: 'off' }],
    ['verification required', { EMAIL_VERIFICATION: 'required' }],
    ['more memory and passes', { ARGON2_MEMORY_KIB: '65536', ARGON2_PASSES: '3' }],
    ['proxies by their network', { TRUST_PROXY: '10.0.0.0/8' }],
    ['proxies by their number', { TRUST_PROXY: '1' }],
  ] as const) {
    it(`does not mind ${what}`, () => {
      expect(readConfig({ ...SAFE, ...change }).profile).to.equal('production');
    });
  }

  it('lists what is missing also where something else is malformed, and each setting once', () => {
    const { problems } = refusalOf({ CASEGATE_PROFILE: 'production', PORT: 'x', MASTER_KEY: 'short' });
    const settings = problems.map(({ setting }) => setting);
    expect(settings).to.include.members(['PORT', 'MASTER_KEY', 'AUDIT_KEY', 'DATABASE_URL', 'PUBLIC_URL']);
    expect(new Set(settings).size).to.equal(settings.length);
  });

  it('never echoes what was set', () => {
    const canary = 'canary7f3a';
    const values = {
      DATABASE_URL: `mysql://${canary}:${canary}@db/casegate`,
      DATABASE_OWNER_URL: canary,
      PUBLIC_URL: `ftp://${canary}.example.org`,
      MASTER_KEY: canary,
      AUDIT_KEY: canary,
      RATE_LIMITS: `{"${canary}":1}`,
      CORS_ORIGINS: `https://${canary}.example.org/path`,
      LOG_LEVEL: canary,
      TRUST_PROXY: canary,
      PORT: canary,
      ARGON2_PASSES: canary,
      SMTP_URL: `http://${canary}:${canary}@mail.example.org`,
      MAIL_FROM: canary,
    };
    for (const profile of ['demo', 'production']) {
      const malformed = refusalOf({ ...values, CASEGATE_PROFILE: profile });
      for (const name of Object.keys(values)) {
        expect(malformed.problems.filter(({ setting }) => setting === name)).to.have.length(1);
      }
      expect(JSON.stringify(malformed.problems) + String(malformed)).not.to.contain(canary);
    }
    const weak = Buffer.from(canary.repeat(4).slice(0, 32)).toString('base64');
    const unsafeOnes = refusalOf({
      ...SAFE,
      PUBLIC_URL: `http://${canary}.example.org`,
      MASTER_KEY: weak,
      AUDIT_KEY: weak,
    });
    expect(unsafeOnes.problems).to.have.length(4);
    expect(unsafeOnes.message).not.to.contain(canary).and.not.to.contain(weak);
  });
});
