import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, type AnswerBody, call, type Given, login, newEmail, PASSWORD } from './call.ts';

/** One answer, or that there was none. */
export interface Observed {
  readonly request: string;
  /** `null` where there was no answer. */
  readonly answer: Answer | null;
  /** Why there was none. */
  readonly failure: string | null;
  readonly ms: number;
}

/** Somebody who uses the service, as far as the answers told. */
interface Client {
  readonly email: string;
  id: string | null;
  accessToken: string;
  refreshToken: string;
}

/** How often somebody uses the service before the next one comes. */
const ROUNDS = 3;

/**
 * People who use the service without pause: they register, look at themselves, submit, refresh and sign in again. Whatever fails they
 * try again a moment later, as a good client does.
 */
export class Traffic {
  readonly observed: Observed[] = [];
  /** Ids of what was answered with 201. */
  readonly registered: string[] = [];
  readonly submitted: string[] = [];
  readonly #url: string;
  readonly #clients: Client[] = [];
  readonly #working: Promise<unknown>;
  #over = false;

  /** @param url of the service */
  constructor(url: string, people: number) {
    this.#url = url;
    this.#working = Promise.all(Array.from({ length: people }, () => this.#work()));
  }

  /** How many answers there were of which `isIt` holds. */
  count(isIt: (answer: Answer) => boolean): number {
    return this.observed.filter(({ answer }) => answer && isIt(answer)).length;
  }

  /** Lets everybody finish what he does. */
  async stop(): Promise<void> {
    this.#over = true;
    await this.#working;
  }

  /** What everybody who could register gets for the last refresh token that he was given, and for his password. */
  async whoCanStillGetIn(): Promise<readonly (readonly [refresh: number, login: string])[]> {
    const known = this.#clients.filter(({ id }) => id !== null);
    return Promise.all(
      known.map(async ({ email, id, refreshToken }) => {
        const { status } = await call(this.#url, 'POST /auth/refresh', { body: { refreshToken } });
        const person = await login(this.#url, email);
        return [status, person.id === id ? 'the same account' : 'another account'] as const;
      }),
    );
  }

  async #work(): Promise<void> {
    while (!this.#over) {
      const client: Client = { email: newEmail(), id: null, accessToken: '', refreshToken: '' };
      this.#clients.push(client);
      await this.#register(client);
      for (let round = 0; round < ROUNDS && client.id !== null; round += 1) await this.#use(client);
    }
  }

  async #register(client: Client): Promise<void> {
    const { email } = client;
    const body = await this.#send('POST /auth/register', { body: { email, password: PASSWORD } });
    if (!body?.user) return;
    this.registered.push(body.user.id);
    client.id = body.user.id;
    this.#keepTokens(client, body);
  }

  async #use(client: Client): Promise<void> {
    await this.#send('GET /auth/me', { token: client.accessToken });
    const body = { language: 'en', question: 'Is it so?' };
    const sent = await this.#send('POST /cases', { token: client.accessToken, body });
    if (sent?.case) this.submitted.push(sent.case.id);
    const { email, refreshToken } = client;
    this.#keepTokens(client, await this.#send('POST /auth/refresh', { body: { refreshToken } }));
    this.#keepTokens(client, await this.#send('POST /auth/login', { body: { email, password: PASSWORD } }));
  }

  #keepTokens(client: Client, body: AnswerBody | null): void {
    client.accessToken = body?.accessToken ?? client.accessToken;
    client.refreshToken = body?.refreshToken ?? client.refreshToken;
  }

  /** The body where it succeeded; `null` otherwise, after a moment. */
  async #send(request: string, given: Given): Promise<AnswerBody | null> {
    const begun = performance.now();
    const answer = await call(this.#url, request, given).catch((error: unknown) => String(error));
    const ms = performance.now() - begun;
    const failure = typeof answer === 'string' ? answer : null;
    this.observed.push({ request, answer: typeof answer === 'string' ? null : answer, failure, ms });
    if (typeof answer !== 'string' && answer.status < 300) return answer.body;
    await delay(50);
    return null;
  }
}
