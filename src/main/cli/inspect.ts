import { Command, InvalidArgumentError } from 'commander';
import { type Config, readConfig } from '../config/config.ts';
import { ConfigRefused } from '../config/config-refused.ts';
import { counted } from '../inspection/in-words.ts';
import { inspectDatabase, type Inspection } from '../inspection/inspection.ts';
import { reportSections } from '../inspection/report-lines.ts';
import { reachDatabase } from '../reach-database.ts';
import type { Env } from './env.ts';
import { CommandRefused } from './exit-codes.ts';
import { print } from './print.ts';
import { progress } from './progress.ts';

interface InspectOptions {
  readonly json?: true;
  /** Seconds. */
  readonly timeLimit: number;
}

const HELP = `
It reads only, and says how the legacy service's tables are made and filled, how its sessions are stored, who is at work on them and what
the role may do; before the first migration as well as after. Nothing that names a person is printed. It needs no keys, and connects like
"casegate migrate". Surprises are listed at the end, each with what to do about it.

Exit code 0: no surprise. 1: a surprise, or the database cannot be reached. 2: usage.`;

/** What the command needs; whatever else is missing or malformed is none of its business. */
const NEEDED = [
  'CASEGATE_PROFILE',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_OWNER_URL',
  'DATA_DIR',
  'VENDORS',
  'LEGACY_SESSION_SECRETS',
  'LEGACY_SESSION_TIME_ZONE',
  'LEGACY_SESSION_SUBJECT',
];

/** @throws {ConfigRefused} for what the command needs */
function configOf(env: Env): Config {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    const problems = error.problems.filter(({ setting }) => NEEDED.includes(setting));
    if (problems.length > 0) throw new ConfigRefused(problems);
    // Without the profile, the demo's own values stand in for what production would ask for.
    const needed = NEEDED.filter((name) => name !== 'CASEGATE_PROFILE').map((name) => [name, env[name]]);
    return readConfig(Object.fromEntries(needed) as Env);
  }
}

function seconds(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number of seconds from 1.');
}

const textReport = (inspection: Inspection): string =>
  reportSections(inspection)
    .map(({ lines, title }) => [title, ...lines.map((line) => `  ${line}`)].join('\n'))
    .join('\n\n');

async function inspect(env: Env, timeLimit: number): Promise<Inspection> {
  const config = configOf(env);
  const database = await reachDatabase(config);
  const { secrets, subject, timeZone } = config.legacySessions;
  // What nobody set counts where it is in use: once legacy sessions are exchanged.
  const counts = (name: string): boolean => Boolean(env[name]) || secrets.length > 0;
  const bars = new Map<string, ReturnType<typeof progress>>();
  try {
    return await inspectDatabase(database, {
      vendors: config.vendors,
      sessionTimeZone: counts('LEGACY_SESSION_TIME_ZONE') ? timeZone : null,
      sessionSubject: counts('LEGACY_SESSION_SUBJECT') ? subject : null,
      limitMs: timeLimit * 1000,
      onProgress: (table, rows, total) => {
        const shown = bars.get(table) ?? progress(`${table}: rows read`);
        bars.set(table, shown);
        shown.update(rows, Math.max(rows, total ?? 0));
      },
    });
  } finally {
    bars.forEach((shown) => shown.stop());
    await database.release();
  }
}

/** `inspect`: what a database of the legacy service looks like, before Casegate is brought in and at any time after. */
export const inspectCommand = (env: Env): Command =>
  new Command('inspect')
    .description(
      "report what the legacy service's tables look like and what stands in the way; changes nothing",
    )
    .option('--json', 'print the report as JSON')
    .option(
      '--time-limit <seconds>',
      'how long to look at the rows of each table; the rest is estimated',
      seconds,
      60,
    )
    .addHelpText('after', HELP)
    .action(async (options: InspectOptions) => {
      const inspection = await inspect(env, options.timeLimit);
      const report = options.json ? JSON.stringify(inspection, null, 2) : textReport(inspection);
      print(report);
      const { length } = inspection.surprises;
      if (length > 0) throw new CommandRefused(`${counted(length, 'surprise')} found.`);
    });
