import { expect } from 'chai';
import { LegacyShape, type LegacyStatement } from '../../../src/adapters/postgres/legacy/legacy-shape.ts';
import { DatabaseFault } from '../../../src/adapters/postgres/pg-errors.ts';
import type { Statements } from '../../../src/adapters/postgres/statements.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';

/** A database whose table has one column, and which counts who looks. @param failures what the first looks fail of */
function countingStatements(failures: readonly Error[] = []) {
  const left = [...failures];
  const counted = { looks: 0 };
  const statements: Statements = {
    run: <Row>() => {
      counted.looks += 1;
      const failure = left.shift();
      const column = { name: 'uuid', type: 'uuid', nullable: false, generated: false, indexed: true };
      return failure ? Promise.reject(failure) : Promise.resolve([column] as Row[]);
    },
  };
  return { counted, statements };
}

describe('What is known of the columns of the legacy table', () => {
  const namesIn = (shape: LegacyShape, statements: Statements): Promise<readonly string[]> =>
    shape.use(statements, (columns) => Promise.resolve([...columns.keys()]));

  it('is looked up once for all', async () => {
    const { counted, statements } = countingStatements();
    const shape = new LegacyShape();
    const found = await Promise.all([namesIn(shape, statements), namesIn(shape, statements)]);
    expect(found).to.deep.equal([['uuid'], ['uuid']]);
    expect(counted.looks).to.equal(1);
  });

  it('is looked up again after a statement that the database refused, once for all who met it', async () => {
    const { counted, statements } = countingStatements();
    const shape = new LegacyShape();
    const refused = () => shape.use(statements, () => Promise.reject(new DatabaseFault('42703', null)));
    for (const failure of await Promise.all([failureOf(refused()), failureOf(refused())])) {
      expect(failure).to.be.instanceOf(DatabaseFault);
    }
    expect(await namesIn(shape, statements)).to.deep.equal(['uuid']);
    expect(counted.looks).to.equal(2);
  });

  it('is kept where work failed of anything else', async () => {
    const { counted, statements } = countingStatements();
    const shape = new LegacyShape();
    await failureOf(shape.use(statements, () => Promise.reject(new Unavailable())));
    await namesIn(shape, statements);
    expect(counted.looks).to.equal(1);
  });

  it('words each statement once, and anew after a look of its own', async () => {
    const { statements } = countingStatements();
    const shape = new LegacyShape();
    let made = 0;
    const statement: LegacyStatement<unknown> = () => ({ text: `SELECT ${String((made += 1))}` });
    await shape.run(statements, statement, []);
    await shape.run(statements, statement, []);
    expect(made).to.equal(1);
    await failureOf(shape.use(statements, () => Promise.reject(new DatabaseFault('42703', null))));
    await shape.run(statements, statement, []);
    expect(made).to.equal(2);
  });

  it('is looked up again after a look that failed', async () => {
    const { counted, statements } = countingStatements([new Unavailable()]);
    const shape = new LegacyShape();
    expect(await failureOf(namesIn(shape, statements))).to.be.instanceOf(Unavailable);
    expect(await namesIn(shape, statements)).to.deep.equal(['uuid']);
    expect(counted.looks).to.equal(2);
  });
});
