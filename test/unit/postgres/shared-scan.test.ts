import { expect } from 'chai';
import { SharedScan } from '../../../src/adapters/postgres/legacy/shared-scan.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';

interface Sought {
  readonly number: number;
}

/** Numbers from 0 in slices of a thousand. */
async function* slicesOf(count: number): AsyncGenerator<readonly number[]> {
  for (let first = 0; first < count; first += 1_000) {
    yield await Promise.resolve(Array.from({ length: Math.min(1_000, count - first) }, (_, n) => first + n));
  }
}

/** A scan that counts how often it goes through the numbers and looks at one. */
function countingScan(count: number) {
  const counted = { scans: 0, looks: 0 };
  const slices = () => {
    counted.scans += 1;
    return slicesOf(count);
  };
  const answering = (sought: readonly Sought[]) => (row: number) => {
    counted.looks += 1;
    return sought.filter(({ number }) => row % 1_000 === number);
  };
  return { counted, scan: new SharedScan<number, Sought>(slices, answering) };
}

describe('A scan that many share', () => {
  it('gives everybody what he seeks, of all slices', async () => {
    const { scan } = countingScan(2_500);
    const found = await Promise.all([7, 999, 7].map((number) => scan.find({ number })));
    expect(found).to.deep.equal([
      [7, 1_007, 2_007],
      [999, 1_999],
      [7, 1_007, 2_007],
    ]);
  });

  it('looks at each row once, however many wait for it', async () => {
    const { counted, scan } = countingScan(2_500);
    const first = scan.find({ number: 1 });
    await Promise.all([first, ...Array.from({ length: 50 }, (_, number) => scan.find({ number }))]);
    expect(counted).to.deep.equal({ scans: 2, looks: 5_000 });
  });

  it('lets others have their turn within a slice', async () => {
    const { counted, scan } = countingScan(1_000);
    const found = scan.find({ number: 1 });
    let looksAtTurn = 0;
    setImmediate(() => {
      looksAtTurn = counted.looks;
    });
    await found;
    expect(looksAtTurn).to.be.above(0).and.below(1_000);
  });

  it('tells everybody that it failed, and begins anew', async () => {
    let isBroken = true;
    const slices = () => {
      if (isBroken) throw new Error('broken');
      return slicesOf(1);
    };
    const scan = new SharedScan<number, Sought>(slices, (sought) => () => sought);
    const failures = await Promise.all([
      failureOf(scan.find({ number: 0 })),
      failureOf(scan.find({ number: 1 })),
    ]);
    expect(failures.map(String)).to.deep.equal(['Error: broken', 'Error: broken']);
    isBroken = false;
    expect(await scan.find({ number: 0 })).to.deep.equal([0]);
  });
});
