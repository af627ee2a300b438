import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { inOrder } from '../../../../src/main/cli/in-order.ts';
import { TakeTurns } from '../../../../src/main/cli/take-turns.ts';
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
    expect(await listOf(inOrder(numbers(0), 4, work))).to.deep.equal([]);
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
    const work = async (number: number) => {
      begun.push(number);
      await delay(number === 3 ? 0 : 10);
      if (number === 3) throw new Error('the third');
      ended.push(number);
    };
    const failure = await failureOf(listOf(inOrder(numbers(30), 4, work)));
    expect(failure).to.have.property('message', 'the third');
    expect(begun.length).to.be.lessThan(10);
    expect(ended).to.deep.equal(begun.filter((number) => number !== 3));
  });
});

describe('TakeTurns', () => {
  it('runs jobs of one key one after the other, in the order in which they came', async () => {
    const turns = new TakeTurns();
    const told: string[] = [];
    const job = (name: string, milliseconds: number) => async () => {
      told.push(`${name} begins`);
      await delay(milliseconds);
      told.push(`${name} ends`);
      return name;
    };
    const done = await Promise.all([turns.run('key', job('first', 5)), turns.run('key', job('second', 0))]);
    expect(done).to.deep.equal(['first', 'second']);
    expect(told).to.deep.equal(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('lets other keys go on meanwhile, and the next one where one fails', async () => {
    const turns = new TakeTurns();
    const gate = Promise.withResolvers<never>();
    const held = turns.run('key', () => gate.promise);
    const after = turns.run('key', () => Promise.resolve('after'));
    expect(await turns.run('other', () => Promise.resolve('meanwhile'))).to.equal('meanwhile');
    gate.reject(new Error('no'));
    expect(await failureOf(held)).to.have.property('message', 'no');
    expect(await after).to.equal('after');
  });
});
