import { expect } from 'chai';
import { runHere } from '../../support/run-here.ts';

const COMMANDS = [
  [],
  ['serve'],
  ['worker'],
  ['migrate'],
  ['migrate', 'plan'],
  ['migrate', 'up'],
  ['migrate', 'down'],
  ['migrate', 'status'],
  ['inspect'],
  ['users'],
  ['users', 'create'],
  ['users', 'import'],
  ['legacy'],
  ['legacy', 'link'],
  ['legacy', 'backfill'],
  ['legacy', 'reconcile'],
  ['keys'],
  ['keys', 'list'],
  ['keys', 'rotate'],
  ['keys', 'rotate-data'],
  ['audit'],
  ['audit', 'verify'],
  ['doctor'],
];

const WRONG_USAGE = [
  [],
  ['bogus'],
  ['--bogus'],
  ['serve', '--bogus'],
  ['serve', 'surplus'],
  ['worker', '--bogus'],
  ['worker', 'surplus'],
  ['migrate', 'bogus'],
  ['migrate', 'down', '--steps', '0'],
  ['migrate', 'down', '--steps', '1', '--all'],
  ['inspect', 'surplus'],
  ['inspect', '--bogus'],
  ['inspect', '--time-limit', '0'],
  ['users', 'create'],
  ['users', 'create', '--email', 'a@example.org'],
  ['users', 'create', '--email', 'a@example.org', '--role', 'bogus'],
  ['users', 'import'],
  ['users', 'import', 'people.csv', '--bogus'],
  ['legacy', 'link'],
  ['legacy', 'link', 'people.csv', '--reason', ' '],
  ['legacy', 'backfill'],
  ['legacy', 'backfill', '--dry-run', '--apply'],
  ['legacy', 'backfill', '--apply', '--undo', 'x'],
  ['legacy', 'backfill', '--undo', 'x'],
  ['legacy', 'reconcile', 'surplus'],
  ['keys', 'list', '--bogus'],
  ['keys', 'rotate-data', 'surplus'],
  ['audit', 'bogus'],
  ['audit', 'verify', 'surplus'],
  ['audit', 'verify', '--head', 'bogus'],
  ['doctor', 'surplus'],
];

describe('The command line', () => {
  for (const command of COMMANDS) {
    it(`explains "${['casegate', ...command].join(' ')}" with --help`, async () => {
      const { code, stdout, stderr } = await runHere([...command, '--help']);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(stdout).to.match(new RegExp(`^Usage: ${['casegate', ...command].join(' ')} `));
    });
  }

  for (const command of WRONG_USAGE) {
    it(`answers "${['casegate', ...command].join(' ')}" with 2, on standard error, and says where help is`, async () => {
      const { code, stdout, stderr } = await runHere(command);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr)
        .to.match(/--help/)
        .and.not.to.match(/^\s+at /m);
    });
  }
});
