import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { makeScratch, type Scratch } from '../integration/embedded-postgres/scratch.ts';
import { eventually } from '../support/eventually.ts';

const ROOT = join(import.meta.dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const CURLS = README.split('\n').filter((line) => line.startsWith('curl '));

describe('The first screen of the README', () => {
  let scratch: Scratch;

  before(async () => {
    scratch = await makeScratch();
  });
  after(() => scratch.remove());

  it('opens with the two commands', () => {
    expect(README).to.match(/^# Casegate\n\n```sh\nmake run .*\nmake test .*\n```\n/);
  });

  it('has three commands that work when pasted, against what make run serves, and a signal ends it in good order', async () => {
    // What is installed stays as it is: the tests run on it.
    const make = spawn('make', ['-o', 'node_modules/.install-stamp', 'run'], {
      cwd: ROOT,
      env: { ...process.env, DATA_DIR: scratch.dataDir, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    try {
      make.stdout.on('data', (text: Buffer) => (output += text.toString()));
      await eventually(() => /Casegate listens on \S+\n/.test(output));
      const url = /Casegate listens on (\S+)/.exec(output)?.[1] ?? '';
      const answers: string[] = [];
      for (const line of CURLS) {
        const command = line.replace('http://127.0.0.1:3000', url);
        answers.push((await promisify(execFile)('bash', ['-c', command])).stdout);
      }
      const [registered, signedIn, submitted] = answers.map((text) => JSON.parse(text) as unknown);
      expect(registered).to.have.nested.property('user.role', 'patient');
      expect(signedIn).to.have.property('kind', 'signed-in');
      expect(submitted).to.have.nested.property('case.state', 'queued');
    } finally {
      make.kill('SIGTERM');
    }
    await eventually(() => output.includes('"msg":"stopped"'));
  });
});
