import { expect } from 'chai';
import { z } from 'zod';
import { route, type LimitClass } from '../../../src/adapters/http/route.ts';
import { problemOfResponse } from './support/problem-of-response.ts';
import { startKernel, stopKernels } from './support/start-kernel.ts';

const limited = (path: string, limit: LimitClass) =>
  route({
    method: 'get',
    path,
    summary: 'Count',
    access: 'cases.submit',
    limit,
    responses: { 200: z.object({}) },
    handle: () => ({ status: 200, body: {} }),
  });

const ROUTES = [
  limited('/login', 'credentials'),
  limited('/register', 'credentials'),
  limited('/cases', 'anonymous'),
  limited('/alive', 'none'),
];
const limits = { credentials: { limit: 2, windowSeconds: 30 }, anonymous: { limit: 1, windowSeconds: 30 } };

describe('The limits', () => {
  afterEach(stopKernels);

  it('are told on each answer: how many are left, and the policy', async () => {
    const { url } = await startKernel(ROUTES, { limits });
    const { headers } = await fetch(`${url}/login`);
    expect(headers.get('ratelimit')).to.match(/^"credentials"; r=1; t=\d+$/);
    expect(headers.get('ratelimit-policy')).to.match(/^"credentials"; q=2; w=30$/);
    expect(headers.get('retry-after')).to.equal(null);
  });

  it('are shared by the routes of a class, and refuse with 429 and Retry-After', async () => {
    const { url } = await startKernel(ROUTES, { limits });
    await fetch(`${url}/login`);
    await fetch(`${url}/register`);
    const response = await fetch(`${url}/login`);
    expect((await problemOfResponse(response)).code).to.equal('request.rate-limited');
    expect(Number(response.headers.get('retry-after'))).to.be.within(1, 30);
    expect(response.headers.get('ratelimit')).to.match(/^"credentials"; r=0;/);
  });

  it('are counted class by class', async () => {
    const { url } = await startKernel(ROUTES, { limits });
    expect((await fetch(`${url}/cases`)).status).to.equal(200);
    expect((await fetch(`${url}/cases`)).status).to.equal(429);
    expect((await fetch(`${url}/login`)).status).to.equal(200);
  });

  it('do not count probes', async () => {
    const { url } = await startKernel(ROUTES, { limits });
    const { headers, status } = await fetch(`${url}/alive`);
    expect([status, headers.get('ratelimit')]).to.deep.equal([200, null]);
  });

  it('count an account by itself, wherever it comes from', async () => {
    const { url } = await startKernel(ROUTES, { limits, trustProxy: '1' });
    const authorization = 'Bearer patient';
    const from = async (address: string, headers: Readonly<Record<string, string>> = {}) =>
      (await fetch(`${url}/cases`, { headers: { ...headers, 'x-forwarded-for': address } })).status;
    expect(await from('192.0.2.1', { authorization })).to.equal(200);
    expect(await from('192.0.2.2', { authorization })).to.equal(429);
    expect(await from('192.0.2.1')).to.equal(200);
  });

  it('count addresses behind a trusted proxy, and IPv6 by its /64', async () => {
    const { url } = await startKernel(ROUTES, { limits, trustProxy: '1' });
    const from = async (address: string) =>
      (await fetch(`${url}/cases`, { headers: { 'x-forwarded-for': address } })).status;
    expect(await from('192.0.2.1')).to.equal(200);
    expect(await from('192.0.2.2')).to.equal(200);
    expect(await from('192.0.2.1')).to.equal(429);
    expect(await from('2001:db8:1:1::1')).to.equal(200);
    expect(await from('2001:db8:1:1:ffff::9')).to.equal(429);
    expect(await from('2001:db8:1:2::1')).to.equal(200);
  });

  it('count what a trusted proxy tells as an address, and is none, against the proxy', async () => {
    const { url } = await startKernel(ROUTES, { limits, trustProxy: '1' });
    const from = async (address: string) =>
      (await fetch(`${url}/cases`, { headers: { 'x-forwarded-for': address } })).status;
    expect(await from('somebody')).to.equal(200);
    expect(await from('somebody else')).to.equal(429);
  });

  it('do not believe an address that an untrusted client tells', async () => {
    const { url } = await startKernel(ROUTES, { limits });
    const from = async (address: string) =>
      (await fetch(`${url}/cases`, { headers: { 'x-forwarded-for': address } })).status;
    expect(await from('192.0.2.1')).to.equal(200);
    expect(await from('192.0.2.2')).to.equal(429);
  });
});
