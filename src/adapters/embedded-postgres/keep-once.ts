import { randomUUID } from 'node:crypto';
import { constants, copyFile, link, readFile, rm, writeFile } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

/** The text of a file; null when there is no such file. */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Creates a file (mode 0600) with its whole content in one atomic step; false when the name is already taken. */
export async function createOnce(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, content, { mode: 0o600, flag: 'wx', flush: true });
    await placeDraft(draft, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Keeps `content` under a name unless something is kept there already; returns what is kept, the same to all racers. */
export async function keepOnce(file: string, content: string): Promise<string> {
  return (await createOnce(file, content)) ? content : await readFile(file, 'utf8');
}

async function placeDraft(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    // Some file systems (FAT, a few network shares) have no hard links: there an exclusive copy must do.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(errorCode(error) ?? '')) throw error;
    await copyFile(draft, file, constants.COPYFILE_EXCL);
  }
}
