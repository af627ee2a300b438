import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { TakeTurns } from '../../../../src/main/cli/take-turns.ts';
import { failureOf } from '../../../contracts/stores/expectations.ts';

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
