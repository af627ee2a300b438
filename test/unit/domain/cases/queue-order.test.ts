import { expect } from 'chai';
import { type Queued, queueOrder } from '../../../../src/domain/cases/queue-order.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 8, minute));
const DECIDING: Queued = { priority: 'urgent', dueAt: at(5), createdAt: at(2), id: 'm' };

describe('The order of the queue', () => {
  it('is by priority, then due time, then submission, then id', () => {
    const ordered: readonly Queued[] = [
      { priority: 'asap', dueAt: at(9), createdAt: at(9), id: 'z' },
      { ...DECIDING, dueAt: at(4), createdAt: at(3) },
      { ...DECIDING, createdAt: at(1), id: 'z' },
      { ...DECIDING, id: 'l' },
      DECIDING,
      { ...DECIDING, id: 'n' },
      { ...DECIDING, createdAt: at(3), id: 'a' },
      { ...DECIDING, dueAt: at(6), createdAt: at(0) },
      { priority: 'routine', dueAt: at(0), createdAt: at(0), id: 'a' },
    ];
    expect(ordered.toReversed().sort(queueOrder)).to.deep.equal(ordered);
  });

  it('tells no case apart from itself', () => {
    expect(queueOrder(DECIDING, { ...DECIDING })).to.equal(0);
  });
});
