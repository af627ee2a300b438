import { Command } from 'commander';
import { type Finding, examine } from '../examine.ts';
import { CommandRefused } from './exit-codes.ts';
import type { Env } from './env.ts';

const line = ({ part, fault }: Finding): string =>
  `${fault === null ? 'ok   ' : 'WRONG'} ${part}${fault === null ? '' : `: ${fault}`}\n`;

/** `doctor`: what is wrong with the installation, and how to mend it. */
export const doctorCommand = (env: Env): Command =>
  new Command('doctor')
    .description(
      'check configuration, database, migrations, clock and keys, and say how to mend what is wrong',
    )
    .action(async () => {
      let wrong = 0;
      for await (const finding of examine(env)) {
        process.stdout.write(line(finding));
        if (finding.fault !== null) wrong += 1;
      }
      if (wrong > 0) throw new CommandRefused(`${String(wrong)} found wrong.`);
    });
