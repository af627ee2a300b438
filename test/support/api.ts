import { Agent } from 'node:http';
import pg from 'pg';
import { readConfig } from '../../src/main/config/config.ts';
import { observe } from '../../src/main/observe.ts';
import { startService } from '../../src/main/start-service.ts';
import type { Adapters } from '../../src/application/adapters.ts';
import type { ApiBodies, TenantAnswer, UserAnswer } from './api-bodies.ts';
import { ApiContract, type ApiDocument } from './api-contract.ts';
import { httpExchange, type Incoming } from './http-exchange.ts';
import { freshDatabase, type TestDatabase } from './postgres.ts';
import { RecordingMailer } from './recording-mailer.ts';
import { CHEAP, newKeys, type ProcessEnv } from './service-process.ts';

/** Where the services of these tests say that they are reached. */
export const PUBLIC_URL = 'https://casegate.example.org';

/** A password that every policy of the demo lets pass. */
export const PASSWORD = 'quiet marble staircase';

/** Somebody who is signed in, and stays so. */
export interface Person {
  readonly user: UserAnswer;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** What a request sends besides method and path. */
export interface Sent {
  /** Whose access token it bears. */
  readonly as?: Pick<Person, 'accessToken'> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`, without a type. */
  readonly octets?: Uint8Array | string;
  readonly chunked?: boolean;
  readonly headers?: Readonly<Record<string, string>> | readonly (readonly [string, string])[];
}

/** What came back; it fits the description of the API, or the test has failed already. */
export interface Answer<Kind extends keyof ApiBodies> extends Incoming {
  /** The JSON of the body. */
  readonly body: ApiBodies[Kind];
}

/** The service, on a database of its own. */
export interface Api {
  readonly url: string;
  readonly databaseUrl: string;
  /** Gets every mail that the service sends. */
  readonly mail: RecordingMailer;
  /** Sends `request`, such as `POST /auth/login`; `kind` names what the test expects the body to be. */
  readonly send: <Kind extends keyof ApiBodies>(
    kind: Kind,
    request: string,
    sent?: Sent,
  ) => Promise<Answer<Kind>>;
  /** The same, where an answer of any other status than `status` ends the test. */
  readonly get: <Kind extends keyof ApiBodies>(
    kind: Kind,
    status: number,
    request: string,
    sent?: Sent,
  ) => Promise<ApiBodies[Kind]>;
  readonly sql: (text: string, parameters?: readonly unknown[]) => Promise<readonly Row[]>;
  /** Somebody who registered himself. */
  readonly patient: (tenant?: string) => Promise<Person>;
  readonly signIn: (email: string, tenant?: string, password?: string) => Promise<Person>;
  /** Somebody of this role in the tenant (by its slug), whom nobody had to make. */
  readonly member: (role: UserAnswer['role'], tenant?: string) => Promise<Person>;
  /** An organisation beside the practice. */
  readonly tenant: (given?: Partial<TenantAnswer>) => Promise<TenantAnswer>;
  readonly stop: () => Promise<void>;
}

type Row = Readonly<Record<string, unknown>>;

let people = 0;

/** An address that nobody else in this run has. */
export const newEmail = (): string => `person-${String((people += 1))}@example.org`;

/**
 * Starts the service as the program does, on a fresh database. Every answer is held against the description that it serves.
 *
 * @param env settings besides the usual cheap ones
 * @param replace adapters instead of the service's own
 * @param given a database that is there already, which the service migrates; it is dropped with the service
 */
export async function startApi(
  env: ProcessEnv = {},
  replace: Partial<Adapters> = {},
  given?: TestDatabase,
): Promise<Api> {
  const database = given ?? (await freshDatabase());
  const settings = { ...CHEAP, ...newKeys(), PORT: '0', PUBLIC_URL, DATABASE_URL: database.url, ...env };
  const mail = new RecordingMailer();
  const options = { replace: { mailer: mail, ...replace } };
  const service = await startService(readConfig(settings), observe('silent'), options);
  const base = new URL(service.url);
  const agent = new Agent({ keepAlive: true });
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });

  const description = { method: 'GET', path: '/openapi.json', headers: [] };
  const described = await httpExchange(base, agent, description);
  const contract = new ApiContract(JSON.parse(described.text) as ApiDocument, settings.PUBLIC_URL);

  const send: Api['send'] = async (kind, request, sent = {}) => {
    const [method = '', path = ''] = request.split(' ', 2);
    const outgoing = { method, path, ...outgoingOf(sent) };
    const incoming = await httpExchange(base, agent, outgoing);
    contract.check(outgoing, incoming);
    return { ...incoming, body: jsonOf(incoming) as ApiBodies[typeof kind] };
  };
  return {
    url: service.url,
    databaseUrl: database.url,
    mail,
    send,
    ...shortcuts(send, async (text, parameters = []) => {
      const { rows } = await pool.query<Row>(text, [...parameters]);
      return rows;
    }),
    stop: async () => {
      agent.destroy();
      await pool.end();
      await service.stop();
      await database.drop();
    },
  };
}

function outgoingOf({ as, body, chunked, headers = {}, octets }: Sent) {
  const given: readonly (readonly [string, string])[] = isList(headers) ? headers : Object.entries(headers);
  return {
    headers: [
      ...(as ? [['Authorization', `Bearer ${as.accessToken}`] as const] : []),
      ...(body === undefined ? [] : [['Content-Type', 'application/json'] as const]),
      ...given,
    ],
    body: octets ?? (body === undefined ? undefined : JSON.stringify(body)),
    chunked,
  };
}

const isList = (headers: NonNullable<Sent['headers']>): headers is readonly (readonly [string, string])[] =>
  Array.isArray(headers);

/** The JSON of the body; an empty object where it has none. */
const jsonOf = ({ headers, text }: Incoming): unknown =>
  (headers.get('content-type') ?? '').includes('json') && text !== '' ? JSON.parse(text) : {};

type Shortcuts = Omit<Api, 'url' | 'databaseUrl' | 'mail' | 'send' | 'stop'>;

function shortcuts(send: Api['send'], sql: Api['sql']): Shortcuts {
  const get: Api['get'] = async (kind, status, request, sent) => {
    const answer = await send(kind, request, sent);
    if (answer.status !== status) throw new Error(`${request} → ${String(answer.status)} ${answer.text}`);
    return answer.body;
  };
  const patient = (tenant?: string): Promise<Person> =>
    get('registered', 201, 'POST /auth/register', {
      body: { email: newEmail(), password: PASSWORD, tenant },
    });
  const signIn = (email: string, tenant?: string, password = PASSWORD): Promise<Person> =>
    get('signedIn', 200, 'POST /auth/login', { body: { email, password, tenant } });
  const member: Api['member'] = async (role, tenant) => {
    const { user } = await patient(tenant);
    await sql('UPDATE users SET role = $1 WHERE uuid = $2', [role, user.id]);
    return signIn(user.email, tenant);
  };
  let operator: Promise<Person> | null = null;
  const tenant: Api['tenant'] = async (given = {}) => {
    const body = { slug: `tenant-${String((people += 1))}`, name: 'A tenant', ...given };
    const made = await get('tenant', 201, 'POST /tenants', {
      as: await (operator ??= member('admin')),
      body,
    });
    return made.tenant;
  };
  return { get, sql, patient, signIn, member, tenant };
}
