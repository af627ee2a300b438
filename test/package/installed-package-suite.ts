import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { run } from './run.ts';
import { TYPE_CONSUMER } from './type-consumer.ts';

const root = join(import.meta.dirname, '..', '..');

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  },
  files: ['consumer.mts'],
});

/** A folder in which the package is installed, and has no database yet. */
export interface Installation {
  readonly folder: string;
  readonly dataDir: string;
}

/** What the package offers beside its exports: a command line, and types. */
export function installedPackageSuite(installation: () => Installation): void {
  const casegate = (words: string) =>
    run(`npx --no-install casegate ${words}`, installation().folder, { DATA_DIR: installation().dataDir });

  it('has a command line that explains itself', async () => {
    const { code, stdout, stderr } = await casegate('--help');
    expect(code, stderr).to.equal(0);
    expect(stdout)
      .to.match(/^Usage: casegate /)
      .and.to.match(/^ +migrate\b/m);
  });

  it('migrates its embedded database from the command line', async () => {
    const before = await casegate('migrate status');
    expect(before.code, before.stderr).to.equal(0);
    expect(before.stdout).to.match(/^0001_\S+ +pending$/m);
    const up = await casegate('migrate up');
    expect(up.code, up.stderr).to.equal(0);
    const after = await casegate('migrate status');
    expect(after.code, after.stderr).to.equal(0);
    expect(after.stdout)
      .to.match(/^0001_\S+ +applied/m)
      .and.to.not.contain('pending');
  });

  it('has types that a strict TypeScript program compiles against, libraries checked too', async () => {
    const { folder } = installation();
    await writeFile(join(folder, 'consumer.mts'), TYPE_CONSUMER);
    await writeFile(join(folder, 'tsconfig.json'), TSCONFIG);
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { code, stdout } = await run(`node "${tsc}" -p tsconfig.json`, folder);
    expect(code, stdout).to.equal(0);
  });
}
