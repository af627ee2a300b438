import { readdir } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { run } from './run.ts';

const root = join(import.meta.dirname, '..', '..');

/** The package as it would be published. */
export interface Packed {
  /** Path of the tarball. */
  readonly tarball: string;
  /** The files in it. */
  readonly files: readonly string[];
}

let packing: Promise<Packed> | null = null;

/** Builds and packs, once in a test run; what it made is gone when the process ends. */
export const packed = (): Promise<Packed> => (packing ??= pack());

async function pack(): Promise<Packed> {
  const folder = temporaryFolder('casegate-pack-');
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { code, stderr } = await run('npm pack --pack-destination "$FOLDER"', root, { FOLDER: folder });
  if (code !== 0) throw new Error(`npm pack failed:\n${stderr}`);
  const [name = ''] = await readdir(folder);
  const tarball = join(folder, name);
  const { stdout } = await run('tar -tzf "$TARBALL"', folder, { TARBALL: tarball });
  return {
    tarball,
    files: stdout
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, '')),
  };
}
