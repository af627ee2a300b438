import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeScratch, type Scratch } from '../integration/embedded-postgres/scratch.ts';
import { RACY_STORE, UNSALTED_HASHER } from './broken-adapters.ts';
import { openGuide, type Guide } from './guide.ts';
import { packed } from './packed.ts';
import { run } from './run.ts';

describe('The adapters of docs/swap-an-adapter.md, on the packed package', function () {
  this.timeout(240_000);
  let scratch: Scratch;
  let environment: Record<string, string>;
  let guide: Guide;

  before(async () => {
    await packed();
    scratch = await makeScratch();
    environment = { DATA_DIR: scratch.dataDir };
    guide = await openGuide('swap-an-adapter.md', scratch.folder, environment);
    const installed = await guide.follow('npm init');
    expect(installed.code, installed.stderr).to.equal(0);
  });

  after(() => scratch.remove());

  for (const file of ['scrypt-password-hasher.test.mjs', 'sqlite-failure-counter-store.test.mjs']) {
    it(`pass their contract: ${file}`, async () => {
      const command = guide.text
        .split('\n')
        .find((line) => line.startsWith('npx mocha') && line.endsWith(file));
      const { code, stdout, stderr } = await guide.follow(command ?? file);
      expect(code, stdout + stderr).to.equal(0);
      expect(stdout).to.match(/^ +[1-9]\d* passing/m);
    });
  }

  it('sign a person in, over use cases composed on memory', async () => {
    const { code, stdout, stderr } = await guide.follow('npx mocha --timeout 60000 sign-in.test.mjs');
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/^ +1 passing/m);
  });

  it('sign a person in, in an installation with a database', async () => {
    for (const attempt of ['who registers', 'who is there already']) {
      const { code, stdout, stderr } = await guide.follow('node sign-in.mjs');
      expect(code, `${attempt}: ${stderr}`).to.equal(0);
      expect(stdout).to.equal('signed-in person@example.org scrypt\n');
    }
    await access(join(scratch.folder, 'failures.sqlite'));
  });

  const broken = [
    [
      'a store that reads first and writes later',
      RACY_STORE,
      'lets ten of fifty attempts made at once through',
    ],
    ['a hasher without salt', UNSALTED_HASHER, 'gives each hash a salt of its own'],
  ] as const;
  for (const [what, code, failing] of broken) {
    it(`would not pass it: ${what}`, async () => {
      await writeFile(join(scratch.folder, 'broken.test.mjs'), code);
      const outcome = await run('npx mocha broken.test.mjs', scratch.folder, environment);
      expect(outcome.code).to.be.greaterThan(0);
      expect(outcome.stdout).to.match(new RegExp(`^ +\\d+\\) ${failing}`, 'm'));
      expect(outcome.stdout).to.match(/^ +[1-9]\d* passing/m);
    });
  }

  it('are told of all others: each adapter and each suite of the package has its line in the document', async () => {
    const script = `
      import * as contracts from 'casegate/contracts';
      import { memoryAdapters } from 'casegate';
      console.log([...Object.keys(contracts), ...Object.keys(await memoryAdapters())].join(' '));`;
    await writeFile(join(scratch.folder, 'names.mjs'), script);
    const { code, stdout, stderr } = await run('node names.mjs', scratch.folder, environment);
    expect(code, stderr).to.equal(0);
    const names = stdout.trim().split(' ');
    expect(names).to.include.members(['userStoreContract', 'passwordHasher']);
    expect(names.filter((name) => !guide.text.includes(`\`${name}\``))).to.deep.equal([]);
  });
});
