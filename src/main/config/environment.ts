import { z } from 'zod';
import { readMailbox } from '../../adapters/mail/mailbox.ts';
import type { ConfigProblem } from './config-refused.ts';
import { sessionPointer, sessionSecrets, sessionTimeZone, sunset } from './legacy-session-settings.ts';
import { isProxyList } from './is-proxy-list.ts';

const wholeNumber = (min: number, max: number) => {
  const error = `must be a whole number from ${String(min)} to ${String(max)}`;
  return z
    .string()
    .regex(/^\d{1,12}$/, { error })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error });
};

const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

const isUrl = (protocols: readonly string[]) => (text: string) =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol);

const postgresUrl = z.string().refine(isUrl(['postgres:', 'postgresql:']), {
  error: 'must be a connection string such as postgres://user:password@host:5432/database',
});

function isPublicUrl(text: string): boolean {
  if (!isUrl(['http:', 'https:'])(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return `${username}${password}${search}${hash}` === '';
}

const publicUrl = z
  .string()
  .refine(isPublicUrl, { error: 'must be an http or https URL without credentials, query and fragment' })
  .transform((text) => text.replace(/\/+$/, ''));

const key = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, {
    error: 'must be 32 random bytes in base64; make one with: openssl rand -base64 32',
  })
  .transform((text) => Buffer.from(text, 'base64'));

const corsOrigins = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .refine((origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin), {
    error: 'must be origins such as https://app.example.org, separated by commas',
  });

const proxies = z.string().refine(isProxyList, {
  error:
    'must be the number of proxies in front, or their addresses and networks, such as loopback, 10.0.0.0/8',
});

const Limit = z.strictObject({ limit: z.int().min(1), windowSeconds: z.int().min(1).max(86_400) });

const rateLimits = z.string().transform((text, context) => {
  try {
    const classes = z.enum(['credentials', 'anonymous', 'authenticated', 'ai']);
    return z.partialRecord(classes, Limit).parse(JSON.parse(text));
  } catch {
    const message =
      'must be JSON such as {"credentials":{"limit":10,"windowSeconds":60}} with the classes credentials, anonymous, authenticated, ai';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
});

const isSmtpUrl = (text: string): boolean =>
  isUrl(['smtp:', 'smtps:'])(text) && new URL(text).hostname !== '';

const smtpUrl = z.string().refine(isSmtpUrl, {
  error: 'must be a connection string such as smtp://user:password@host:587',
});

const mailFrom = z.string().refine((text) => readMailbox(text) !== null, {
  error: 'must be an address such as cases@example.org, or Casegate <cases@example.org>',
});

/** The settings of this release, as text of the environment. */
const Environment = z.object({
  CASEGATE_PROFILE: oneOf('demo', 'production').default('demo'),
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(3000),
  PUBLIC_URL: publicUrl.optional(),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_DIRECT_URL: postgresUrl.optional(),
  DATABASE_OWNER_URL: postgresUrl.optional(),
  DATABASE_PREPARED: oneOf('on', 'off').default('on'),
  DATA_DIR: z.string().default('.casegate'),
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  TRUST_PROXY: proxies.optional(),
  CORS_ORIGINS: corsOrigins.default([]),
  MASTER_KEY: key.optional(),
  AUDIT_KEY: key.optional(),
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: mailFrom.optional(),
  ANONYMOUS_CASES: oneOf('on', 'off').optional(),
  EMAIL_VERIFICATION: oneOf('required', 'optional').optional(),
  ACCESS_TOKEN_TTL: wholeNumber(1, 3600).default(600),
  SESSION_IDLE_TTL: wholeNumber(1, 31_536_000).optional(),
  SESSION_MAX_TTL: wholeNumber(1, 31_536_000).optional(),
  ARGON2_MEMORY_KIB: wholeNumber(8, 4_194_304).default(19_456),
  ARGON2_PASSES: wholeNumber(1, 100).default(2),
  RATE_LIMITS: rateLimits.default({}),
  VENDORS: z.string().optional(),
  LEGACY_SESSION_SECRETS: sessionSecrets.default([]),
  LEGACY_SESSION_TIME_ZONE: sessionTimeZone.default('UTC'),
  LEGACY_SESSION_SUBJECT: sessionPointer.default(['passport', 'user']),
  LEGACY_SESSION_UNTIL: sunset.optional(),
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
});

/** The settings after parsing. */
export type Environment = z.output<typeof Environment>;

/** The environment, parsed as far as it can be. */
export interface ParsedEnvironment {
  /** What does not parse has its default here. */
  readonly environment: Environment;
  /** A line for each setting that does not parse. */
  readonly problems: readonly ConfigProblem[];
}

/** Parses the environment; an empty value is an unset one. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): ParsedEnvironment {
  const set = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  const parsed = Environment.safeParse(Object.fromEntries(set));
  if (parsed.success) return { environment: parsed.data, problems: [] };
  const problems = parsed.error.issues.map(({ path, message }): ConfigProblem => ({
    setting: path.join('.'),
    remedy: message,
  }));
  const refused = new Set(problems.map(({ setting }) => setting));
  const rest = Object.fromEntries(set.filter(([name]) => !refused.has(name)));
  return { environment: Environment.parse(rest), problems };
}
