import { resolve } from 'node:path';
import type { SessionLifetimes } from '../../domain/access/session.ts';
import type { Settings } from '../../application/ports/system/settings.ts';
import type { JsonPointer } from '../../domain/shared/json-pointer.ts';
import { ConfigRefused } from './config-refused.ts';
import { type Environment, parseEnvironment } from './environment.ts';
import { productionProblems } from './production-problems.ts';
import { type ConfiguredVendor, readVendors } from './read-vendors.ts';

/** Settings of later releases: setting one has no effect yet, and the operator is told. */
const WITHOUT_EFFECT = ['REDIS_URL', 'AI_ROUTES', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

const HOUR = 3600;
const DAY = 24 * HOUR;

type LimitClass = 'credentials' | 'anonymous' | 'authenticated' | 'ai';

interface ClassLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** How the service is to run: what the operator set, with every default filled in. */
export interface Config {
  readonly profile: 'demo' | 'production';
  readonly host: string;
  readonly port: number;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  readonly database: {
    /** `null` for the embedded database. */
    readonly url: string | null;
    readonly directUrl: string | null;
    readonly ownerUrl: string | null;
    readonly prepared: boolean;
  };
  /** Absolute. */
  readonly dataDir: string;
  readonly metricsPort: number | null;
  readonly trustProxy: string | null;
  readonly corsOrigins: readonly string[];
  /** `null` where the demo keeps it in `dataDir`. */
  readonly masterKey: Uint8Array | null;
  readonly auditKey: Uint8Array | null;
  /** `null` where mail is written to files in `dataDir` instead of being sent; over TLS only in production. */
  readonly smtp: { readonly url: string; readonly requireTls: boolean } | null;
  /** Who mail is from. */
  readonly mailFrom: string;
  /** Seconds. */
  readonly accessTokenTtl: number;
  readonly argon2: { readonly memoryKib: number; readonly passes: number };
  /** The limits that the operator set, by class of routes. */
  readonly rateLimits: Readonly<Partial<Record<LimitClass, ClassLimit | undefined>>>;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** What the operator said of anonymous cases; `null` where he left it to the profile. */
  readonly anonymousCases: 'on' | 'off' | null;
  readonly settings: Settings;
  /** How sessions of the legacy service are read, where they count. */
  readonly legacySessions: {
    /** Of its cookies; none where its sessions do not count. */
    readonly secrets: readonly string[];
    /** IANA name. */
    readonly timeZone: string;
    readonly subject: JsonPointer;
  };
  /** The vendors that the operator listed, each once. */
  readonly vendors: readonly ConfiguredVendor[];
  /** Settings that are set and have no effect in this release. */
  readonly ignored: readonly string[];
}

/** A physician's or admin's session lasts a working day at most (NIST SP 800-63B-4, section 2.2.3), a patient's a month. */
function sessionLifetimesOf(env: Environment): SessionLifetimes {
  const { SESSION_IDLE_TTL: idle, SESSION_MAX_TTL: max } = env;
  const patient = { idleSeconds: idle ?? 14 * DAY, maxSeconds: max ?? 30 * DAY };
  return {
    patient,
    staff: {
      idleSeconds: Math.min(HOUR, patient.idleSeconds),
      maxSeconds: Math.min(12 * HOUR, patient.maxSeconds),
    },
  };
}

const smtpOf = ({ CASEGATE_PROFILE: profile, SMTP_URL: url }: Environment): Config['smtp'] =>
  url === undefined ? null : { url, requireTls: profile === 'production' };

function settingsOf(env: Environment): Settings {
  const demo = env.CASEGATE_PROFILE === 'demo';
  return {
    // NIST SP 800-63B-4, section 3.1.1.2: 15 where the password is the only factor.
    passwordMinLength: { alone: demo ? 8 : 15, withSecondFactor: 8 },
    signIn: {
      emailVerification: env.EMAIL_VERIFICATION ?? (demo ? 'optional' : 'required'),
      secondFactor: demo ? 'nobody' : 'staff',
    },
    sessionLifetimes: sessionLifetimesOf(env),
    legacyBridge: env.LEGACY_SESSION_SECRETS.length > 0 ? { until: env.LEGACY_SESSION_UNTIL ?? null } : null,
    anonymousCases: demo && env.ANONYMOUS_CASES !== 'off',
  };
}

/**
 * Reads the configuration.
 *
 * @param env the process's environment; an empty value is an unset one
 * @throws {ConfigRefused} with a line for each setting that is missing, malformed or unsafe for the profile
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const { environment: parsed, problems: malformed } = parseEnvironment(env);
  const named = new Set(malformed.map(({ setting }) => setting));
  const unsafe = parsed.CASEGATE_PROFILE === 'production' ? productionProblems(parsed) : [];
  const { vendors, problems: inVendors } = readVendors(parsed.VENDORS, parsed.CASEGATE_PROFILE);
  const problems = [...malformed, ...unsafe.filter(({ setting }) => !named.has(setting)), ...inVendors];
  if (problems.length > 0) throw new ConfigRefused(problems);
  const publicUrl = parsed.PUBLIC_URL ?? `http://localhost:${String(parsed.PORT)}`;
  return {
    profile: parsed.CASEGATE_PROFILE,
    host: parsed.HOST,
    port: parsed.PORT,
    publicUrl,
    database: {
      url: parsed.DATABASE_URL ?? null,
      directUrl: parsed.DATABASE_DIRECT_URL ?? null,
      ownerUrl: parsed.DATABASE_OWNER_URL ?? null,
      prepared: parsed.DATABASE_PREPARED === 'on',
    },
    dataDir: resolve(parsed.DATA_DIR),
    metricsPort: parsed.METRICS_PORT ?? null,
    trustProxy: parsed.TRUST_PROXY ?? null,
    corsOrigins: parsed.CORS_ORIGINS,
    masterKey: parsed.MASTER_KEY ?? null,
    auditKey: parsed.AUDIT_KEY ?? null,
    smtp: smtpOf(parsed),
    mailFrom: parsed.MAIL_FROM ?? `Casegate <no-reply@${new URL(publicUrl).hostname}>`,
    accessTokenTtl: parsed.ACCESS_TOKEN_TTL,
    argon2: { memoryKib: parsed.ARGON2_MEMORY_KIB, passes: parsed.ARGON2_PASSES },
    rateLimits: parsed.RATE_LIMITS,
    logLevel: parsed.LOG_LEVEL,
    anonymousCases: parsed.ANONYMOUS_CASES ?? null,
    settings: settingsOf(parsed),
    legacySessions: {
      secrets: parsed.LEGACY_SESSION_SECRETS,
      timeZone: parsed.LEGACY_SESSION_TIME_ZONE,
      subject: parsed.LEGACY_SESSION_SUBJECT,
    },
    vendors,
    ignored: WITHOUT_EFFECT.filter((name) => env[name]),
  };
}
