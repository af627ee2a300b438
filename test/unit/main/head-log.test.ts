import { expect } from 'chai';
import type { NotedHead } from '../../../src/domain/audit/noted-head.ts';
import { headLog } from '../../../src/main/head-log.ts';

const HOUR_MS = 3_600_000;

const head = (number: number): NotedHead => ({ number, mac: new Uint8Array(32).fill(number) });
const textOf = (number: number): string =>
  `audit trail sealed up to ${String(number)}:${String(number).padStart(2, '0').repeat(32)}`;

describe('The head of the audit chain in the log', () => {
  let [now, told]: [number, string[]] = [0, []];
  let note: ReturnType<typeof headLog>;
  beforeEach(() => {
    [now, told] = [1_000, []];
    note = headLog(
      (event) => told.push(event),
      () => now,
    );
  });

  it('is told as soon as there is one', () => {
    note(null);
    expect(told).to.deep.equal([]);
    note(head(1));
    expect(told).to.deep.equal([textOf(1)]);
  });

  it('is told again after an hour, and not before', () => {
    note(head(1));
    now += HOUR_MS - 1;
    note(head(2));
    expect(told).to.have.length(1);
    now += 1;
    note(head(3));
    note(head(4));
    expect(told).to.deep.equal([textOf(1), textOf(3)]);
  });

  it('is not told again where it has not moved, and at once where it moves after that', () => {
    note(head(1));
    now += 5 * HOUR_MS;
    note(head(1));
    expect(told).to.have.length(1);
    now += 1;
    note(head(2));
    expect(told).to.deep.equal([textOf(1), textOf(2)]);
  });
});
