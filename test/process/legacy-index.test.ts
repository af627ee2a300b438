import { expect } from 'chai';
import { query } from '../integration/embedded-postgres/scratch.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  type CasegateProcess,
  CHEAP,
  endCasegateProcesses,
  newKeys,
  type ProcessEnv,
  spawnCasegate,
} from '../support/service-process.ts';

const ROWS = 40_000;

describe('The index of legacy requests', () => {
  let database: TestDatabase;
  let env: ProcessEnv;
  before(async () => {
    database = await freshDatabase();
    env = { ...CHEAP, ...newKeys(), DATABASE_URL: database.url };
    await query(
      database.url,
      `INSERT INTO rn_requests (vendor_id, user_id, user_identifier, created_at)
        SELECT 'clinic', 'u-' || n, '052' || lpad(n::text, 7, '0'), now() - n * interval '1 min'
        FROM generate_series(1, ${String(ROWS)}) AS n`,
    );
  });
  after(async () => {
    await endCasegateProcesses();
    await database.drop();
  });

  const start = (): CasegateProcess => spawnCasegate('cli.ts', ['worker'], env);
  const entries = async (): Promise<number> => {
    const [row] = await query(database.url, 'SELECT count(*)::integer AS count FROM legacy_index');
    return Number(row?.['count']);
  };

  it('is gone on with where a killed worker left it, and follows what comes in later within seconds', async () => {
    const killed = start();
    await eventually(async () => (await entries()) > 0);
    killed.signal('SIGKILL');
    await killed.ended;
    const left = await entries();
    expect(left).to.be.above(0).and.below(ROWS);
    const worker = start();
    const line = await worker.logged(({ event }) => String(event).startsWith('legacy index complete'));
    expect(line['event']).to.equal(`legacy index complete: ${String(ROWS)} requests`);
    await query(database.url, `INSERT INTO rn_requests (vendor_id, user_id) VALUES ('clinic', 'u-new')`);
    await eventually(async () => (await entries()) === ROWS + 1);
    worker.signal('SIGTERM');
    expect((await worker.ended).code).to.equal(0);
  });
});
