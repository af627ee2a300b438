import { expect } from 'chai';
import { resolve } from 'node:path';
import { type Config, readConfig } from '../../../../src/main/config/config.ts';
import { ConfigRefused } from '../../../../src/main/config/config-refused.ts';

type Env = Readonly<Record<string, string | undefined>>;

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64');

/** The lines that refuse the environment, by setting; empty where it is accepted. */
function refusalsOf(env: Env): readonly { setting: string; remedy: string }[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigRefused) return [...error.problems];
    throw error;
  }
}

describe('The configuration', () => {
  it('of an empty environment is a demo that needs no secret', () => {
    expect(readConfig({})).to.deep.equal({
      profile: 'demo',
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      database: { url: null, directUrl: null, ownerUrl: null, prepared: true },
      dataDir: resolve('.casegate'),
      metricsPort: null,
      trustProxy: null,
      corsOrigins: [],
      masterKey: null,
      auditKey: null,
      smtp: null,
      mailFrom: 'Casegate <no-reply@localhost>',
      accessTokenTtl: 600,
      argon2: { memoryKib: 19_456, passes: 2 },
      rateLimits: {},
      logLevel: 'info',
      settings: {
        passwordMinLength: { alone: 8, withSecondFactor: 8 },
        signIn: { emailVerification: 'optional', secondFactor: 'nobody' },
        sessionLifetimes: {
          patient: { idleSeconds: 14 * 86_400, maxSeconds: 30 * 86_400 },
          staff: { idleSeconds: 3600, maxSeconds: 12 * 3600 },
        },
        legacyBridge: null,
        anonymousCases: true,
      },
      anonymousCases: null,
      legacySessions: { secrets: [], timeZone: 'UTC', subject: ['passport', 'user'] },
      vendors: [],
      ignored: [],
    } satisfies Config);
  });

  it('takes an empty value for an unset one, of every setting', () => {
    const names = [
      ...['CASEGATE_PROFILE', 'HOST', 'PORT', 'PUBLIC_URL', 'DATABASE_URL', 'DATABASE_DIRECT_URL'],
      ...['DATABASE_OWNER_URL', 'DATABASE_PREPARED', 'DATA_DIR', 'METRICS_PORT', 'TRUST_PROXY'],
      ...['CORS_ORIGINS', 'MASTER_KEY', 'AUDIT_KEY', 'ANONYMOUS_CASES', 'EMAIL_VERIFICATION'],
      ...['ACCESS_TOKEN_TTL', 'SESSION_IDLE_TTL', 'SESSION_MAX_TTL', 'ARGON2_MEMORY_KIB'],
      ...['ARGON2_PASSES', 'RATE_LIMITS', 'LOG_LEVEL', 'REDIS_URL', 'SMTP_URL', 'MAIL_FROM', 'AI_ROUTES'],
      'VENDORS',
    ];
    const empty = Object.fromEntries(names.map((name) => [name, '']));
    expect(readConfig(empty)).to.deep.equal(readConfig({}));
  });

  it('says what each setting sets', () => {
    const config = readConfig({
      HOST: '0.0.0.0',
      PORT: '8080',
      PUBLIC_URL: 'https://casegate.example.org/',
      DATABASE_URL: 'postgres://casegate@db.example.org/casegate',
      DATABASE_DIRECT_URL: 'postgresql://casegate@db.example.org:5433/casegate',
      DATABASE_OWNER_URL: 'postgres://owner@db.example.org/casegate',
      DATABASE_PREPARED: 'off',
      DATA_DIR: 'somewhere',
      METRICS_PORT: '9100',
      TRUST_PROXY: '10.0.0.0/8',
      CORS_ORIGINS: 'https://app.example.org, http://localhost:5173',
      MASTER_KEY: KEY,
      AUDIT_KEY: KEY,
      SMTP_URL: 'smtps://casegate:secret@mail.example.org',
      MAIL_FROM: 'The clinic <cases@example.org>',
      ACCESS_TOKEN_TTL: '300',
      ARGON2_MEMORY_KIB: '65536',
      ARGON2_PASSES: '3',
      RATE_LIMITS: '{"credentials":{"limit":5,"windowSeconds":30},"ai":{"limit":1,"windowSeconds":1}}',
      LOG_LEVEL: 'debug',
    });
    const { settings: _, ...rest } = config;
    expect(rest).to.deep.equal({
      profile: 'demo',
      host: '0.0.0.0',
      port: 8080,
      publicUrl: 'https://casegate.example.org',
      database: {
        url: 'postgres://casegate@db.example.org/casegate',
        directUrl: 'postgresql://casegate@db.example.org:5433/casegate',
        ownerUrl: 'postgres://owner@db.example.org/casegate',
        prepared: false,
      },
      dataDir: resolve('somewhere'),
      metricsPort: 9100,
      trustProxy: '10.0.0.0/8',
      corsOrigins: ['https://app.example.org', 'http://localhost:5173'],
      masterKey: Buffer.from(KEY, 'base64'),
      auditKey: Buffer.from(KEY, 'base64'),
      smtp: { url: 'smtps://casegate:secret@mail.example.org', requireTls: false },
      mailFrom: 'The clinic <cases@example.org>',
      accessTokenTtl: 300,
      argon2: { memoryKib: 65_536, passes: 3 },
      rateLimits: {
        credentials: { limit: 5, windowSeconds: 30 },
        ai: { limit: 1, windowSeconds: 1 },
      },
      logLevel: 'debug',
      anonymousCases: null,
      legacySessions: { secrets: [], timeZone: 'UTC', subject: ['passport', 'user'] },
      vendors: [],
      ignored: [],
    } satisfies Omit<Config, 'settings'>);
  });

  it('derives the public address from the port', () => {
    expect(readConfig({ PORT: '8080' }).publicUrl).to.equal('http://localhost:8080');
  });

  it('lets an operator switch anonymous cases off in the demo', () => {
    expect(readConfig({ ANONYMOUS_CASES: 'on' }).settings.anonymousCases).to.equal(true);
    expect(readConfig({ ANONYMOUS_CASES: 'off' }).settings.anonymousCases).to.equal(false);
  });

  it('lets an operator demand confirmed addresses in the demo', () => {
    const ruleOf = (env: Env) => readConfig(env).settings.signIn.emailVerification;
    expect(ruleOf({ EMAIL_VERIFICATION: 'required' })).to.equal('required');
    expect(ruleOf({ EMAIL_VERIFICATION: 'optional' })).to.equal('optional');
  });

  it('takes the address that mail is from with a name or without', () => {
    for (const MAIL_FROM of ['cases@example.org', 'Casegate <cases@example.org>', '<cases@example.org>']) {
      expect(readConfig({ MAIL_FROM }).mailFrom).to.equal(MAIL_FROM);
    }
  });

  it('gives staff shorter sessions than patients, never longer ones', () => {
    const { sessionLifetimes: long } = readConfig({
      SESSION_IDLE_TTL: '1000000',
      SESSION_MAX_TTL: '2000000',
    }).settings;
    expect(long.patient).to.deep.equal({ idleSeconds: 1_000_000, maxSeconds: 2_000_000 });
    expect(long.staff).to.deep.equal({ idleSeconds: 3600, maxSeconds: 43_200 });
    const { sessionLifetimes: short } = readConfig({
      SESSION_IDLE_TTL: '120',
      SESSION_MAX_TTL: '600',
    }).settings;
    expect(short.patient).to.deep.equal({ idleSeconds: 120, maxSeconds: 600 });
    expect(short.staff).to.deep.equal({ idleSeconds: 120, maxSeconds: 600 });
  });

  it('names the settings that are set and have no effect yet', () => {
    expect(readConfig({ REDIS_URL: 'redis://cache', AI_ROUTES: 'routes.json' }).ignored).to.deep.equal([
      'REDIS_URL',
      'AI_ROUTES',
    ]);
  });

  it('does not mind variables that are none of its own', () => {
    expect(readConfig({ PATH: '/usr/bin', HOME: undefined, LANG: 'C' })).to.deep.equal(readConfig({}));
  });

  const url = 'must be a connection string such as postgres://user:password@host:5432/database';
  const key = 'must be 32 random bytes in base64; make one with: openssl rand -base64 32';
  const origins = 'must be origins such as https://app.example.org, separated by commas';
  const proxies =
    'must be the number of proxies in front, or their addresses and networks, such as loopback, 10.0.0.0/8';
  const publicUrl = 'must be an http or https URL without credentials, query and fragment';
  const smtp = 'must be a connection string such as smtp://user:password@host:587';
  const from = 'must be an address such as cases@example.org, or Casegate <cases@example.org>';
  const port = 'must be a whole number from 0 to 65535';
  const limits =
    'must be JSON such as {"credentials":{"limit":10,"windowSeconds":60}} with the classes credentials, anonymous, authenticated, ai';

  for (const [setting, remedy, ...values] of [
    ['CASEGATE_PROFILE', 'must be one of demo, production', 'staging', 'Demo', 'demo ', 'constructor'],
    ['PORT', port, '65536', '-1', '3000.5', '1e3', '0x10', 'three', ' 3000', '9999999999999'],
    ['METRICS_PORT', port, '65536', 'nine'],
    ['PUBLIC_URL', publicUrl, 'example.org', 'ftp://example.org', '//example.org', 'javascript:alert(1)'],
    ['PUBLIC_URL', publicUrl, 'https://a:b@example.org', 'https://example.org/?q', 'https://example.org/#f'],
    ['DATABASE_URL', url, 'mysql://db/casegate', 'db.example.org', 'host=db dbname=casegate'],
    ['DATABASE_DIRECT_URL', url, 'http://db.example.org'],
    ['DATABASE_OWNER_URL', url, 'http://db.example.org'],
    ['DATABASE_PREPARED', 'must be one of on, off', 'yes', 'ON'],
    ['TRUST_PROXY', proxies, 'yes', 'TRUE', '10.0.0.0/33', 'proxy.example.org'],
    ['CORS_ORIGINS', origins, '*', 'null', 'https://app.example.org/', 'https://app.example.org,'],
    ['CORS_ORIGINS', origins, 'https://app.example.org/path', 'app.example.org', 'https://A.example.org'],
    ['MASTER_KEY', key, 'secret', Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64')],
    ['MASTER_KEY', key, Buffer.alloc(32).toString('hex')],
    ['AUDIT_KEY', key, 'secret'],
    ['SMTP_URL', smtp, 'mail.example.org', 'http://mail.example.org', '//mail.example.org'],
    ['MAIL_FROM', from, 'casegate', 'Casegate <casegate>'],
    ['MAIL_FROM', from, 'cases@example.org\r\nBcc: a@example.org', 'a@example.org, b@example.org'],
    ['ANONYMOUS_CASES', 'must be one of on, off', 'true', 'no'],
    ['EMAIL_VERIFICATION', 'must be one of required, optional', 'off'],
    ['ACCESS_TOKEN_TTL', 'must be a whole number from 1 to 3600', '0', '3601', '10m'],
    ['SESSION_IDLE_TTL', 'must be a whole number from 1 to 31536000', '0', '31536001', '14d'],
    ['SESSION_MAX_TTL', 'must be a whole number from 1 to 31536000', '0', '31536001'],
    ['ARGON2_MEMORY_KIB', 'must be a whole number from 8 to 4194304', '7', '4194305'],
    ['ARGON2_PASSES', 'must be a whole number from 1 to 100', '0', '101'],
    ['RATE_LIMITS', limits, 'ten', '{', 'null', '[]', '"10"', '{"everybody":{"limit":1,"windowSeconds":1}}'],
    ['RATE_LIMITS', limits, '{"ai":{"limit":0,"windowSeconds":60}}', '{"ai":{"limit":1,"windowSeconds":0}}'],
    ['RATE_LIMITS', limits, '{"ai":{"limit":1}}', '{"ai":{"limit":1,"windowSeconds":60,"burst":2}}'],
    [
      'RATE_LIMITS',
      limits,
      '{"ai":{"limit":1.5,"windowSeconds":60}}',
      '{"ai":{"limit":1,"windowSeconds":86401}}',
    ],
    ['LOG_LEVEL', 'must be one of fatal, error, warn, info, debug, trace, silent', 'verbose', 'INFO'],
  ] as const) {
    for (const value of values) {
      it(`refuses ${setting}=${value} and says what to set`, () => {
        expect(refusalsOf({ [setting]: value })).to.deep.equal([{ setting, remedy }]);
      });
    }
  }

  it('refuses all that is malformed at once, a line each', () => {
    const env = { PORT: 'x', LOG_LEVEL: 'x', MASTER_KEY: 'x', RATE_LIMITS: 'x' };
    expect(refusalsOf(env).map(({ setting }) => setting)).to.have.members(Object.keys(env));
    expect(() => readConfig(env))
      .to.throw(ConfigRefused)
      .with.property('name', 'ConfigRefused');
    expect(() => readConfig(env)).to.throw(/^[^\n]+\n[^\n]+\n[^\n]+\n[^\n]+$/);
  });

  it('takes the limits of each number', () => {
    expect(refusalsOf({ PORT: '0', METRICS_PORT: '65535', ACCESS_TOKEN_TTL: '1' })).to.deep.equal([]);
    expect(refusalsOf({ ACCESS_TOKEN_TTL: '3600', SESSION_IDLE_TTL: '1' })).to.deep.equal([]);
    expect(refusalsOf({ SESSION_MAX_TTL: '31536000', ARGON2_PASSES: '100' })).to.deep.equal([]);
    expect(refusalsOf({ ARGON2_MEMORY_KIB: '8', RATE_LIMITS: '{}' })).to.deep.equal([]);
  });
});
