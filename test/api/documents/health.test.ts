import { expect } from 'chai';
import { type Api, startApi } from '../../support/api.ts';

describe('GET /health', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  for (const path of ['/health/live', '/health/ready']) {
    it(`${path} says ok to anybody, and is not counted against any limit`, async () => {
      const answer = await api.send('problem', `GET ${path}`);
      expect(answer.status).to.equal(200);
      expect(answer.body).to.deep.equal({ status: 'ok' });
      expect(answer.headers.has('ratelimit')).to.be.false;
      expect(answer.headers.get('cache-control')).to.equal('no-store');
    });
  }
});
