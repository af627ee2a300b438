import { expect } from 'chai';
import { runCommandLine } from '../../../src/main/cli/program.ts';

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
  ['keys', 'list', '--bogus'],
  ['keys', 'rotate-data', 'surplus'],
  ['audit', 'bogus'],
  ['audit', 'verify', 'surplus'],
  ['audit', 'verify', '--head', 'bogus'],
  ['doctor', 'surplus'],
];

/** Runs a command in this process, whose output nothing else writes to meanwhile. */
async function run(command: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const endings = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name];
    const write = stream.write.bind(stream);
    stream.write = (text: string | Uint8Array) => {
      written[name] += String(text);
      return true;
    };
    return () => {
      stream.write = write;
    };
  });
  try {
    const code = await runCommandLine(['node', 'casegate', ...command], {});
    return { code, ...written };
  } finally {
    for (const end of endings) end();
  }
}

describe('The command line', () => {
  for (const command of COMMANDS) {
    it(`explains "${['casegate', ...command].join(' ')}" with --help`, async () => {
      const { code, stdout, stderr } = await run([...command, '--help']);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(stdout).to.match(new RegExp(`^Usage: ${['casegate', ...command].join(' ')} `));
    });
  }

  for (const command of WRONG_USAGE) {
    it(`answers "${['casegate', ...command].join(' ')}" with 2, on standard error, and says where help is`, async () => {
      const { code, stdout, stderr } = await run(command);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr)
        .to.match(/--help/)
        .and.not.to.match(/^\s+at /m);
    });
  }
});
