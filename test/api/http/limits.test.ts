import { expect } from 'chai';
import { type Answer, type Api, newEmail, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';
import { eventually } from '../../support/eventually.ts';

const limitsOf = (windowSeconds: number) =>
  JSON.stringify({
    credentials: { limit: 3, windowSeconds },
    anonymous: { limit: 5, windowSeconds },
    authenticated: { limit: 4, windowSeconds },
  });

let addresses = 0;
/** An address that nobody else comes from. */
const newAddress = (): string => `203.0.113.${String((addresses += 1))}`;

describe('The limits', () => {
  let api: Api;
  before(async () => {
    api = await startApi({ RATE_LIMITS: limitsOf(60), TRUST_PROXY: 'loopback' });
  });
  after(() => api.stop());

  const from = (address: string, request: string, body?: unknown, as?: Person): Promise<Answer<'problem'>> =>
    api.send('problem', request, { as, body, headers: { 'X-Forwarded-For': address } });
  const guess = (address: string) =>
    from(address, 'POST /auth/login', { email: newEmail(), password: PASSWORD });
  const read = (address: string) => from(address, 'GET /.well-known/jwks.json');
  const person = async (): Promise<Person> => {
    const headers = { 'X-Forwarded-For': newAddress() };
    const body = { email: newEmail(), password: PASSWORD };
    return api.get('registered', 201, 'POST /auth/register', { body, headers });
  };
  const statuses = async (answers: readonly Promise<Answer<'problem'>>[]) =>
    (await Promise.all(answers)).map(({ status }) => status);

  it('tell what is left, answer by answer, and 429 with Retry-After when nothing is', async () => {
    const address = newAddress();
    for (const left of [2, 1, 0]) {
      const { headers, status } = await guess(address);
      expect(status).to.equal(401);
      expect(headers.get('ratelimit-policy')).to.equal('"credentials"; q=3; w=60');
      expect(headers.get('ratelimit')).to.match(new RegExp(`^"credentials"; r=${left}; t=\\d+$`));
    }
    const refused = await guess(address);
    problemOf(refused, 429, 'request.rate-limited');
    expect(refused.headers.get('ratelimit')).to.match(/^"credentials"; r=0; t=\d+$/);
    expect(Number(refused.headers.get('retry-after'))).to.be.within(50, 60);
  });

  it('hold against many that come at once', async () => {
    const address = newAddress();
    const seen = await statuses(Array.from({ length: 20 }, () => guess(address)));
    expect(seen.filter((status) => status === 401)).to.have.length(3);
    expect(seen.filter((status) => status === 429)).to.have.length(17);
  });

  it('are one for all routes of a class, and another for each class', async () => {
    const address = newAddress();
    await guess(address);
    await from(address, 'POST /auth/register', {});
    await from(address, 'POST /auth/register', {});
    expect((await guess(address)).status).to.equal(429);
    expect((await read(address)).status).to.equal(200);
    const refreshed = await from(address, 'POST /auth/refresh', { refreshToken: 'x' });
    expect(refreshed.headers.get('ratelimit')).to.match(/^"anonymous"; r=3;/);
    for (const path of ['/openapi.json', '/docs', '/docs/problems']) await from(address, `GET ${path}`);
    problemOf(await read(address), 429, 'request.rate-limited');
  });

  it('count an account wherever it comes from, and two accounts of one address apart', async () => {
    const [one, other] = [await person(), await person()];
    const address = newAddress();
    for (const left of [3, 2, 1, 0]) {
      const { headers } = await from(newAddress(), 'GET /auth/me', undefined, one);
      expect(headers.get('ratelimit')).to.match(new RegExp(`^"authenticated"; r=${left};`));
    }
    problemOf(await from(address, 'GET /auth/me', undefined, one), 429, 'request.rate-limited');
    expect((await from(address, 'GET /auth/me', undefined, other)).status).to.equal(200);
  });

  it('count IPv6 by its /64, and IPv4 by the address, in either way of writing it', async () => {
    for (const address of ['2001:db8:1:2::1', '2001:db8:1:2:ffff::2', '2001:0DB8:0001:0002:3:4:5:6']) {
      expect((await guess(address)).status).to.equal(401);
    }
    problemOf(await guess('2001:db8:1:2::dead'), 429, 'request.rate-limited');
    expect((await guess('2001:db8:1:3::1')).status).to.equal(401);
    for (const address of ['198.51.100.7', '::ffff:198.51.100.7', '198.51.100.7']) {
      expect((await guess(address)).status).to.equal(401);
    }
    problemOf(await guess('::ffff:198.51.100.7'), 429, 'request.rate-limited');
    expect((await guess('198.51.100.8')).status).to.equal(401);
  });

  it('believe the proxies that were named, and nobody before them', async () => {
    const address = newAddress();
    for (let n = 0; n < 3; n += 1) await guess(`${newAddress()}, ${address}`);
    problemOf(await guess(`${newAddress()}, ${address}`), 429, 'request.rate-limited');
    problemOf(await guess(address), 429, 'request.rate-limited');
  });

  it('are not for probes', async () => {
    for (let n = 0; n < 10; n += 1) {
      const answer = await api.send('nothing', 'GET /health/live');
      expect(answer.status).to.equal(200);
      expect(answer.headers.has('ratelimit')).to.be.false;
    }
  });

  it('leave a session with the address that the proxy tells', async () => {
    const headers = { 'X-Forwarded-For': '198.51.100.99' };
    const body = { email: newEmail(), password: PASSWORD };
    const as = await api.get('registered', 201, 'POST /auth/register', { body, headers });
    const { items } = await api.get('sessions', 200, 'GET /auth/sessions', { as });
    expect(items[0]?.address).to.equal('198.51.100.99');
  });
});

describe('The limits without a proxy', () => {
  let api: Api;
  before(async () => {
    api = await startApi({ RATE_LIMITS: limitsOf(2) });
  });
  after(() => api.stop());

  const guess = () =>
    api.send('problem', 'POST /auth/login', {
      body: { email: newEmail(), password: PASSWORD },
      headers: {
        'X-Forwarded-For': newAddress(),
        Forwarded: `for=${newAddress()}`,
        'X-Real-IP': newAddress(),
      },
    });

  it('believe no header about the address, and begin again after the window', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(guess));
    expect(answers.filter(({ status }) => status === 429)).to.have.length(3);
    await eventually(async () => (await guess()).status === 401, 4000);
  });
});
