import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { inFlight } from '../../../../src/application/steps/in-flight.ts';

describe('Several things in flight', () => {
  it('gives what came of each in their order, whichever was faster', async () => {
    const results = await inFlight([20, 1, 10, 5], 3, async (ms) => {
      await delay(ms);
      return ms * 2;
    });
    expect(results).to.deep.equal([40, 2, 20, 10]);
  });

  it('works on no more at once than it may', async () => {
    const seen = { now: 0, most: 0 };
    await inFlight([1, 2, 3, 4, 5, 6, 7], 3, async () => {
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      await delay(2);
      seen.now -= 1;
    });
    expect(seen).to.deep.equal({ now: 0, most: 3 });
  });

  it('begins nothing further once one has failed, and waits for the others', async () => {
    const done: number[] = [];
    const failure = new Error('no');
    const all = inFlight([1, 2, 3, 4], 2, async (item) => {
      if (item === 1) throw failure;
      await delay(5);
      done.push(item);
    });
    expect(await all.catch((error: unknown) => error)).to.equal(failure);
    expect(done).to.deep.equal([2]);
  });

  it('does nothing with nothing', async () => {
    expect(await inFlight([], 4, () => Promise.reject(new Error('never')))).to.deep.equal([]);
  });
});
