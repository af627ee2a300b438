import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

/**
 * Runs `use` in a folder of its own that is laid out like the repository: the given files (text by path), the real package.json and
 * the installed packages. The folder is gone afterwards.
 */
export async function inPlantedTree<T>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'casegate-planted-')));
  try {
    await cp(join(repositoryRoot, 'package.json'), join(folder, 'package.json'));
    await symlink(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
