import { setImmediate as tick } from 'node:timers/promises';
import { expect } from 'chai';
import { BoundedQueue } from '../../../src/adapters/crypto/bounded-queue.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { rejectionOf } from '../../contracts/security/rejection-of.ts';

/** Jobs that end when told to. */
class Jobs {
  readonly started: number[] = [];
  readonly #ends = new Map<number, () => void>();

  readonly job = (index: number) => async (): Promise<number> => {
    this.started.push(index);
    await new Promise<void>((resolve) => {
      this.#ends.set(index, resolve);
    });
    return index;
  };

  async end(index: number): Promise<void> {
    this.#ends.get(index)?.();
    await tick();
  }
}

describe('BoundedQueue', () => {
  let jobs: Jobs;

  beforeEach(() => {
    jobs = new Jobs();
  });

  it('runs as many jobs at a time as it may, the others in their order', async () => {
    const queue = new BoundedQueue({ running: 2, waiting: 10 });
    const results = Promise.all([0, 1, 2, 3].map((index) => queue.run(jobs.job(index))));
    await tick();
    expect(jobs.started).to.deep.equal([0, 1]);
    await jobs.end(1);
    expect(jobs.started).to.deep.equal([0, 1, 2]);
    await jobs.end(0);
    expect(jobs.started).to.deep.equal([0, 1, 2, 3]);
    await jobs.end(2);
    await jobs.end(3);
    expect(await results).to.deep.equal([0, 1, 2, 3]);
  });

  it('refuses the 65th that would wait, at once and without running it', async () => {
    const queue = new BoundedQueue({ running: 1, waiting: 64 });
    const taken = Array.from({ length: 65 }, (_, index) => queue.run(jobs.job(index)));
    const refusal = await rejectionOf(queue.run(jobs.job(65)));
    expect(refusal).to.be.instanceOf(Unavailable).and.to.have.property('retryAfterSeconds', 1);
    for (let index = 0; index < 65; index += 1) await jobs.end(index);
    await Promise.all(taken);
    expect(jobs.started).to.have.length(65);
    expect(jobs.started).to.not.include(65);
  });

  it('takes work again once there is room', async () => {
    const queue = new BoundedQueue({ running: 1, waiting: 0 });
    const first = queue.run(jobs.job(0));
    expect(await rejectionOf(queue.run(jobs.job(1)))).to.be.instanceOf(Unavailable);
    await jobs.end(0);
    await first;
    const second = queue.run(jobs.job(2));
    await tick();
    await jobs.end(2);
    expect(await second).to.equal(2);
  });

  it('goes on after jobs that fail, and passes their failure on', async () => {
    const queue = new BoundedQueue({ running: 1, waiting: 10 });
    const failure = new Error('failed');
    const failing = Array.from({ length: 3 }, () => rejectionOf(queue.run(() => Promise.reject(failure))));
    expect(await Promise.all(failing)).to.deep.equal([failure, failure, failure]);
    expect(await queue.run(() => Promise.resolve('done'))).to.equal('done');
  });
});
