import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { eventually } from '../../support/eventually.ts';
import { withClient } from '../../support/legacy-service.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { mails, startJobProcess, type JobProcess, type JobProcessOptions } from './job-world.ts';

const NAME = 'case-timers';
const NEXT = 'SELECT extract(epoch FROM start_after - started_on)::float8 AS interval FROM casegate_jobs.job';

/** A process that runs the job, and when it did: milliseconds since the test began. */
interface Runner extends JobProcess {
  readonly runs: readonly number[];
}

describe('Recurring jobs', () => {
  let database: TestDatabase;
  let running: JobProcess[];
  let begun: number;

  before(async () => {
    database = await freshDatabase();
  });
  after(() => database.drop());
  beforeEach(() => {
    running = [];
    begun = performance.now();
  });
  afterEach(async () => {
    await Promise.all(running.map((process) => process.stop()));
    await query('DELETE FROM casegate_jobs.job');
  });

  const query = (text: string): Promise<readonly object[]> =>
    withClient(database.url, async (client) => (await client.query<object>(text)).rows);

  const rows = (): Promise<readonly object[]> =>
    query('SELECT name, state::text FROM casegate_jobs.job ORDER BY name');

  const sinceBeginning = (): number => performance.now() - begun;

  async function startRunner(
    run: () => Promise<void> = () => Promise.resolve(),
    intervalSeconds = 1,
    options: Omit<JobProcessOptions, 'url'> = {},
  ): Promise<Runner> {
    const started = await startJobProcess({ url: database.url, ...options });
    running.push(started);
    const runs: number[] = [];
    started.jobs.work(
      mails(() => Promise.reject(new Error('There are no mails.'))),
      {
        [NAME]: {
          intervalSeconds,
          run: () => {
            runs.push(sinceBeginning());
            return run();
          },
        },
      },
    );
    return { ...started, runs };
  }

  /** Makes the job one that a process began two seconds ago and was killed with. */
  const loseRun = (): Promise<unknown> =>
    query(
      `UPDATE casegate_jobs.job SET state = 'active', started_on = now(), heartbeat_on = now() - interval '2 s'`,
    );

  it('run at the start, then once an interval among all processes, and leave one row', async () => {
    const runners = await Promise.all([startRunner(), startRunner(), startRunner()]);
    const all = (): readonly number[] => runners.flatMap(({ runs }) => runs).toSorted((a, b) => a - b);
    await eventually(() => all().length > 0);
    // Each of the three makes it due at its start: what comes later than that is regular.
    const settled = sinceBeginning() + 500;
    const regular = (): readonly number[] => all().filter((at) => at > settled);
    await eventually(() => regular().length === 3);
    for (const [index, at] of regular().slice(1).entries()) {
      expect(at - regular()[index]!).to.be.at.least(900);
    }
    await eventually(async () => JSON.stringify(await rows()).includes('retry'));
    const [{ interval }] = (await query(NEXT)) as [{ readonly interval: number }];
    expect(interval, 'seconds from a run to the next').to.be.within(1, 3);
    expect(await rows()).to.deep.equal([{ name: NAME, state: 'retry' }]);
    expect(runners.flatMap(({ faults }) => faults)).to.deep.equal([]);
  });

  it('are taken over where the process that ran them is gone', async () => {
    const first = await startRunner();
    await eventually(() => first.runs.length >= 2);
    const second = await startRunner();
    await first.stop();
    const before = first.runs.length;
    await eventually(() => second.runs.length >= 2);
    expect(first.runs).to.have.length(before);
  });

  it('never run twice at once, nor pile up, where a run takes longer than the interval', async () => {
    let [atOnce, most] = [0, 0];
    const over = new AbortController();
    const slow = async (): Promise<void> => {
      most = Math.max(most, (atOnce += 1));
      await delay(1_300, undefined, { signal: over.signal }).catch(() => undefined);
      atOnce -= 1;
    };
    const runners = await Promise.all([startRunner(slow), startRunner(slow)]);
    await eventually(() => runners.flatMap(({ runs }) => runs).length >= 3);
    expect(most).to.equal(1);
    expect(await rows()).to.have.length(1);
    over.abort();
  });

  it('that fail come again at the next time, and their first failure in a row is told', async () => {
    let runs = 0;
    const { faults } = await startRunner(() => {
      runs += 1;
      return runs === 3 ? Promise.resolve() : Promise.reject(new RangeError('case of dana@example.org'));
    });
    await eventually(() => runs >= 4 && faults.length >= 2);
    const told = `recurring job ${NAME} failed (RangeError)`;
    expect(faults).to.deep.equal([told, told]);
    expect(await rows()).to.deep.equal([{ name: NAME, state: 'retry' }]);
  });

  it('whose process was killed are taken up again within seconds', async () => {
    const first = await startRunner();
    await eventually(() => first.runs.length === 1);
    await first.stop();
    await loseRun();
    const { faults, runs } = await startRunner();
    await eventually(() => runs.length >= 2);
    expect(faults).to.deep.equal(['jobs of lost workers taken up again: 1']);
  });

  it('end nothing of a run that was given to another process meanwhile', async () => {
    const { promise: finished, resolve: finish } = Promise.withResolvers<undefined>();
    const stuck = await startRunner(() => finished, 60);
    await eventually(() => stuck.runs.length === 1);
    await query(`UPDATE casegate_jobs.job SET state = 'retry', start_after = now()`);
    const { promise: otherFinished, resolve: finishOther } = Promise.withResolvers<undefined>();
    const other = await startRunner(() => otherFinished, 60);
    await eventually(() => other.runs.length === 1);
    finish(undefined);
    await stuck.stop();
    expect(await rows()).to.deep.equal([{ name: NAME, state: 'active' }]);
    finishOther(undefined);
    await eventually(async () => JSON.stringify(await rows()).includes('retry'));
  });

  it('come back at the next start where somebody has removed them', async () => {
    await startRunner(undefined, 60);
    await eventually(async () => JSON.stringify(await rows()).includes('retry'));
    await query('DELETE FROM casegate_jobs.job');
    const { runs } = await startRunner(undefined, 60);
    await eventually(() => runs.length === 1);
  });

  it('run at the start of a process also where the next time is far away', async () => {
    const first = await startRunner(undefined, 600);
    await eventually(() => first.runs.length === 1);
    await first.stop();
    const second = await startRunner(undefined, 600);
    await eventually(() => second.runs.length === 1);
  });

  it('are kept by those who look after the queues, and cost little while they wait', async () => {
    const { runs, scripts } = await startRunner(undefined, 600);
    await eventually(() => runs.length === 1);
    await startJobProcess({ url: database.url, maintains: true }).then((process) => running.push(process));
    const before = scripts();
    await delay(2_200);
    expect(scripts() - before, 'looks for mails and lost jobs only').to.be.at.most(5);
    expect(await rows()).to.deep.equal([{ name: NAME, state: 'retry' }]);
  });

  it('finish the run under way when told to stop, and put the job back', async () => {
    let isOver = false;
    const { runs, stop } = await startRunner(async () => {
      await delay(300);
      isOver = true;
    }, 60);
    await eventually(() => runs.length === 1);
    await stop();
    expect(isOver).to.equal(true);
    expect(await rows()).to.deep.equal([{ name: NAME, state: 'retry' }]);
  });
});
