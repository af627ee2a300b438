import type { ConfigProblem } from './config-refused.ts';
import type { Environment } from './environment.ts';

/** Fewer different octets among 32 do not come from a random generator. */
const DISTINCT_OCTETS = 16;

const isWeak = (key: Uint8Array): boolean => new Set(key).size < DISTINCT_OCTETS;

/** The shortest secret of the legacy service that takes long enough to guess, in characters, and of how many different ones. */
const SECRET_LENGTH = 16;
const SECRET_DISTINCT = 8;

const isGuessable = (secret: string): boolean =>
  secret.length < SECRET_LENGTH || new Set(secret).size < SECRET_DISTINCT;

type Check = readonly [setting: string, failed: boolean, remedy: string];

const KEY_REMEDY = 'set 32 random bytes in base64; make one with: openssl rand -base64 32';

/**
 * Everything about the settings that production does not allow, each with what to set. Production has no defaults for what is
 * secret, and none of the demo's conveniences.
 */
export function productionProblems(env: Environment): readonly ConfigProblem[] {
  const { MASTER_KEY: masterKey, AUDIT_KEY: auditKey, PUBLIC_URL: publicUrl } = env;
  const checks: readonly Check[] = [
    [
      'DATABASE_URL',
      !env.DATABASE_URL,
      'set the connection string of your PostgreSQL; the embedded one is for demos',
    ],
    ['PUBLIC_URL', !publicUrl, 'set the https URL under which clients reach the service'],
    [
      'PUBLIC_URL',
      publicUrl !== undefined && new URL(publicUrl).protocol !== 'https:',
      'plain http is not allowed; set an https URL',
    ],
    ['MASTER_KEY', !masterKey, KEY_REMEDY],
    ['MASTER_KEY', masterKey !== undefined && isWeak(masterKey), `the key is not random; ${KEY_REMEDY}`],
    ['AUDIT_KEY', !auditKey, KEY_REMEDY],
    ['AUDIT_KEY', auditKey !== undefined && isWeak(auditKey), `the key is not random; ${KEY_REMEDY}`],
    ['AUDIT_KEY', !!masterKey && !!auditKey?.equals(masterKey), 'set another key than MASTER_KEY'],
    [
      'ANONYMOUS_CASES',
      env.ANONYMOUS_CASES === 'on',
      'anonymous cases are for demos; set off, or leave it out',
    ],
    ['EMAIL_VERIFICATION', env.EMAIL_VERIFICATION === 'optional', 'set required, or leave it out'],
    ['ARGON2_MEMORY_KIB', env.ARGON2_MEMORY_KIB < 19_456, 'set at least 19456'],
    ['ARGON2_PASSES', env.ARGON2_PASSES < 2, 'set at least 2'],
    [
      'TRUST_PROXY',
      env.TRUST_PROXY === 'true',
      'trusting every proxy lets clients choose their address; name them',
    ],
    [
      'SMTP_URL',
      !env.SMTP_URL,
      'set the connection string of your mail server, such as smtps://user:password@host',
    ],
    [
      'LEGACY_SESSION_SECRETS',
      env.LEGACY_SESSION_SECRETS.some(isGuessable),
      `a secret can be guessed: each needs ${String(SECRET_LENGTH)} characters at least, and not the same ones again and again; give the legacy service another one first`,
    ],
    [
      'LEGACY_SESSION_UNTIL',
      env.LEGACY_SESSION_SECRETS.length > 0 && !env.LEGACY_SESSION_UNTIL,
      'set the last day on which legacy sessions count, such as 2027-06-30',
    ],
  ];
  return checks.filter(([, failed]) => failed).map(([setting, , remedy]) => ({ setting, remedy }));
}
