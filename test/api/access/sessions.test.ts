import { expect } from 'chai';
import { type Api, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { everyPage } from '../../support/every-page.ts';
import { problemOf } from '../../support/problem-of.ts';
import { eventually } from '../../support/eventually.ts';

describe('The sessions of a person', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  const isRefused = (as: Pick<Person, 'accessToken'>) => async (): Promise<boolean> =>
    (await api.send('problem', 'GET /auth/me', { as })).status === 401;
  const counts = (as: Person) => api.get('profile', 200, 'GET /auth/me', { as });
  const listed = (as: Person, query = '') => api.get('sessions', 200, `GET /auth/sessions${query}`, { as });
  const end = async (request: string, as: Person) => api.get('nothing', 204, request, { as });
  const refusesRefresh = async ({ refreshToken }: Person): Promise<void> => {
    const answer = await api.send('problem', 'POST /auth/refresh', { body: { refreshToken } });
    problemOf(answer, 401, 'access.refresh-invalid');
  };

  describe('POST /auth/logout', () => {
    it('204 ends the session: its access and refresh tokens stop working within a second', async () => {
      const person = await api.patient();
      const other = await api.signIn(person.user.email);
      await end('POST /auth/logout', person);
      await eventually(isRefused(person), 1000);
      await refusesRefresh(person);
      await counts(other);
    });

    it('401 the second time, and without a credential', async () => {
      const person = await api.patient();
      await end('POST /auth/logout', person);
      await eventually(isRefused(person), 1000);
      const again = await api.send('problem', 'POST /auth/logout', { as: person });
      problemOf(again, 401, 'access.unauthenticated');
      problemOf(await api.send('problem', 'POST /auth/logout'), 401, 'access.unauthenticated');
    });

    it('needs no body, and no type of one', async () => {
      const person = await api.patient();
      const answer = await api.send('nothing', 'POST /auth/logout', { as: person, octets: '' });
      expect([answer.status, answer.text]).to.deep.equal([204, '']);
    });

    it('follows a refresh: the tokens before it stop working too', async () => {
      const person = await api.patient();
      const { refreshToken } = person;
      const next = await api.get('tokens', 200, 'POST /auth/refresh', { body: { refreshToken } });
      await end('POST /auth/logout', { ...person, ...next });
      await eventually(isRefused(person), 1000);
    });
  });

  describe('GET /auth/sessions', () => {
    it('200 lists those of the person, the latest used first, and says which one asks', async () => {
      const first = await api.patient();
      const body = { email: first.user.email, password: PASSWORD };
      const headers = { 'User-Agent': 'Falcon/1.0 (Linux)' };
      const second = await api.get('signedIn', 200, 'POST /auth/login', { body, headers });
      await api.patient();
      const { items, nextCursor } = await listed(second);
      expect(nextCursor).to.be.null;
      expect(items).to.have.length(2);
      for (const item of items) {
        expect(item).to.have.all.keys(
          'id',
          'createdAt',
          'lastUsedAt',
          'userAgent',
          'address',
          'current',
          'amr',
        );
      }
      expect(items[0]).to.deep.include({
        current: true,
        userAgent: 'Falcon/1.0 (Linux)',
        address: '127.0.0.1',
        amr: ['pwd'],
      });
      expect(items[1]).to.deep.include({ current: false, userAgent: null });
      expect((await listed(first)).items.map(({ current }) => current)).to.deep.equal([false, true]);
    });

    it('keeps no more than 512 characters of what the device calls itself', async () => {
      const { user } = await api.patient();
      const headers = { 'User-Agent': 'x'.repeat(2000) };
      const body = { email: user.email, password: PASSWORD };
      const as = await api.get('signedIn', 200, 'POST /auth/login', { body, headers });
      const [current] = (await listed(as)).items;
      expect(current?.userAgent).to.equal('x'.repeat(512));
    });

    it('goes page by page, each session once', async () => {
      const person = await api.patient();
      for (let devices = 0; devices < 4; devices += 1) await api.signIn(person.user.email);
      const items = await everyPage((cursor) => listed(person, `?limit=2${cursor}`));
      const seen = items.map(({ id }) => id);
      expect(seen).to.have.length(5);
      expect(new Set(seen).size).to.equal(5);
    });

    it('leaves out those that are over', async () => {
      const person = await api.patient();
      const [left, over] = [await api.signIn(person.user.email), await api.signIn(person.user.email)];
      await end('POST /auth/logout', left);
      await end('POST /auth/logout', over);
      expect((await listed(person)).items).to.have.length(1);
    });

    it('401 without a credential', async () => {
      problemOf(await api.send('problem', 'GET /auth/sessions'), 401, 'access.unauthenticated');
    });
  });

  describe('DELETE /auth/sessions/{id}', () => {
    it('204 ends that one within a second, and no other', async () => {
      const person = await api.patient();
      const other = await api.signIn(person.user.email);
      const theOther = (await listed(person)).items.find(({ current }) => !current);
      await end(`DELETE /auth/sessions/${theOther!.id}`, person);
      await eventually(isRefused(other), 1000);
      await refusesRefresh(other);
      await counts(person);
    });

    it('204 ends the one that asks', async () => {
      const person = await api.patient();
      await end(`DELETE /auth/sessions/${(await listed(person)).items[0]!.id}`, person);
      await eventually(isRefused(person), 1000);
    });

    it('404 for a session of somebody else, one that is over, one that never was, and what is no id', async () => {
      const person = await api.patient();
      const stranger = await api.patient();
      const over = await api.signIn(person.user.email);
      const overId = (await listed(over)).items.find(({ current }) => current)!.id;
      await end('POST /auth/logout', over);
      const strangers = (await listed(stranger)).items[0]!.id;
      for (const id of [strangers, overId, '01900000-0000-7000-8000-000000000000', '1', 'me']) {
        const answer = await api.send('problem', `DELETE /auth/sessions/${id}`, { as: person });
        problemOf(answer, 404, 'request.not-found');
      }
      await counts(stranger);
    });
  });

  describe('DELETE /auth/sessions', () => {
    it('204 ends all but the one that asks', async () => {
      const person = await api.patient();
      const others = await Promise.all([1, 2, 3].map(() => api.signIn(person.user.email)));
      await end('DELETE /auth/sessions', person);
      for (const other of others) {
        await eventually(isRefused(other), 1000);
        await refusesRefresh(other);
      }
      await counts(person);
      expect((await listed(person)).items).to.have.length(1);
    });
  });

  it('are ended all at once by an admin of the tenant', async () => {
    const admin = await api.member('admin');
    const person = await api.patient();
    const other = await api.signIn(person.user.email);
    await end(`DELETE /users/${person.user.id}/sessions`, admin);
    for (const ended of [person, other]) {
      await eventually(isRefused(ended), 1000);
      await refusesRefresh(ended);
    }
    await api.signIn(person.user.email);
  });
});
