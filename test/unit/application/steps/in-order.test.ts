import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { inOrder } from '../../../../src/application/steps/in-order.ts';
import { failureOf } from '../../../contracts/stores/expectations.ts';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number += 1) {
    await Promise.resolve();
    yield number;
  }
}

async function listOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('inOrder', () => {
  it('gives what came of each item in the order of the items, whichever is done first', async () => {
    const work = async (number: number) => {
      await delay(number % 3 === 0 ? 5 : 0);
      return number * 2;
    };
    expect(await listOf(inOrder(numbers(20), 4, work))).to.deep.equal(
      Array.from({ length: 20 }, (_, n) => n * 2),
    );
  });

  it('takes items that are there already, and none', async () => {
    const work = (number: number) => Promise.resolve(number * 2);
    expect(await listOf(inOrder([1, 2, 3], 2, work))).to.deep.equal([2, 4, 6]);
    expect(await listOf(inOrder([], 2, work))).to.deep.equal([]);
    expect(await listOf(inOrder(numbers(0), 2, work))).to.deep.equal([]);
  });

  it('has as many under way as it is told, and never more', async () => {
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await delay(1);
      running -= 1;
    };
    await listOf(inOrder(numbers(30), 5, work));
    expect(most).to.equal(5);
  });

  it('begins nothing more once one fails, and waits for what is under way', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const failure = new Error('the fourth');
    const work = async (number: number) => {
      begun.push(number);
      await delay(number === 3 ? 0 : 10);
      if (number === 3) throw failure;
      ended.push(number);
    };
    expect(await failureOf(listOf(inOrder(numbers(30), 4, work)))).to.equal(failure);
    expect(begun).to.deep.equal([0, 1, 2, 3]);
    expect(ended).to.deep.equal([0, 1, 2]);
  });
});
