import { expect } from 'chai';
import fc from 'fast-check';
import { isBeyond, newestFirst, type PagePosition, pageOf } from '../../../../src/domain/shared/page.ts';

const rowsOf = (count: number): readonly PagePosition[] =>
  Array.from({ length: count }, (_, index) => ({ createdAt: new Date(10_000 - index), id: `row-${index}` }));

describe('The order of lists', () => {
  const [first, second] = [new Date(1_000), new Date(2_000)];
  const ordered = [
    { createdAt: second, id: 'a' },
    { createdAt: first, id: 'c' },
    { createdAt: first, id: 'b' },
  ];

  it('is newest first, and of one moment the greater id first', () => {
    expect(ordered.toReversed().sort(newestFirst)).to.deep.equal(ordered);
    expect(newestFirst(ordered[1]!, { ...ordered[1]! })).to.equal(0);
  });

  it('tells what comes after a position: everything where there is none, and never the record at it', () => {
    expect(ordered.every((record) => isBeyond(record, null))).to.equal(true);
    for (const [index, position] of ordered.entries()) {
      expect(ordered.filter((record) => isBeyond(record, position))).to.deep.equal(ordered.slice(index + 1));
    }
  });
});

describe('A page', () => {
  it('is empty and has no next one where there are no rows', () => {
    expect(pageOf([], 25)).to.deep.equal({ items: [], next: null });
  });

  it('holds all rows and has no next one where they are as many as the limit', () => {
    const rows = rowsOf(3);
    expect(pageOf(rows, 3)).to.deep.equal({ items: rows, next: null });
  });

  it('leaves out the surplus row and ends at the last one that it shows', () => {
    const rows = rowsOf(4);
    expect(pageOf(rows, 3)).to.deep.equal({
      items: rows.slice(0, 3),
      next: { createdAt: rows[2]?.createdAt, id: 'row-2' },
    });
  });

  it('tells of the position only, nothing else of the row', () => {
    const rows = rowsOf(2).map((row) => ({ ...row, email: 'person@example.org' }));
    expect(Object.keys(pageOf(rows, 1).next ?? {})).to.have.members(['createdAt', 'id']);
  });

  it('leads from one to the next through every row, once and in order', () => {
    fc.assert(
      fc.property(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 25 }), (count, limit) => {
        const rows = rowsOf(count);
        const seen: PagePosition[] = [];
        let start = 0;
        for (;;) {
          const page = pageOf(rows.slice(start, start + limit + 1), limit);
          expect(page.items.length).to.be.at.most(limit);
          seen.push(...page.items);
          const { next } = page;
          if (!next) break;
          start = rows.findIndex((row) => row.id === next.id) + 1;
        }
        expect(seen).to.deep.equal(rows);
      }),
    );
  });
});
