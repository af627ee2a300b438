/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the body; `{}` where there is none. */
  readonly body: AnswerBody;
  /** Milliseconds from sending to the last octet. */
  readonly ms: number;
}

/** The fields of answers that these tests look at. */
export interface AnswerBody {
  readonly user?: { readonly id: string; readonly email: string; readonly role: string };
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly case?: { readonly id: string; readonly question?: string };
  readonly items?: readonly { readonly id: string }[];
  readonly keys?: readonly { readonly kid: string }[];
  readonly status?: string | number;
  readonly checks?: Readonly<Record<string, string>>;
  readonly code?: string;
  readonly requestId?: string;
}

/** A request, short. */
export interface Given {
  readonly body?: object | undefined;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until it counts as hanging, 12,000 unless told. */
  readonly limitMs?: number;
}

const jsonOf = (text: string, contentType: string): AnswerBody =>
  contentType.includes('json') && text !== '' ? (JSON.parse(text) as AnswerBody) : {};

/**
 * Sends one request, such as `call(url, 'POST /auth/login', { body })`.
 *
 * @throws where there is no answer in time
 */
export async function call(url: string, request: string, given: Given = {}): Promise<Answer> {
  const [method = '', path = ''] = request.split(' ');
  const { body, token, headers, limitMs = 12_000 } = given;
  const begun = performance.now();
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(limitMs),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: jsonOf(text, response.headers.get('content-type') ?? ''),
    ms: performance.now() - begun,
  };
}

/** A password that every policy of the demo lets pass. */
export const PASSWORD = 'quiet marble staircase';

let accounts = 0;

/** An address that nobody else in this run has. */
export const newEmail = (): string => `person-${String((accounts += 1))}-${String(process.pid)}@example.org`;

/** Somebody who is signed in. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** @throws {Error} where the answer is not that of somebody who is signed in */
export function personOf({ body, status, text }: Answer): Person {
  const { accessToken, refreshToken, user } = body;
  if (!user || !accessToken || !refreshToken) throw new Error(`Not signed in: ${String(status)} ${text}`);
  return { id: user.id, email: user.email, accessToken, refreshToken };
}

/** Registers somebody. */
export const register = async (url: string, email = newEmail()): Promise<Person> =>
  personOf(await call(url, 'POST /auth/register', { body: { email, password: PASSWORD } }));

/** Signs somebody in who has an account. */
export const login = async (url: string, email: string, password = PASSWORD): Promise<Person> =>
  personOf(await call(url, 'POST /auth/login', { body: { email, password } }));

/** Submits a case; its id. */
export async function submit(url: string, token: string, question = 'Is it so?'): Promise<string> {
  const { body, status, text } = await call(url, 'POST /cases', {
    token,
    body: { language: 'en', question },
  });
  if (!body.case) throw new Error(`Not submitted: ${String(status)} ${text}`);
  return body.case.id;
}
