import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDataFolder } from '../adapters/embedded-postgres/ensure-data-folder.ts';
import { errorCode } from '../adapters/embedded-postgres/error-code.ts';
import { createOnce, readIfThere } from '../adapters/embedded-postgres/keep-once.ts';
import { StartRefused } from './start-refusal.ts';
import type { Config } from './config/config.ts';

/** The two keys of an installation, 32 octets each. */
export interface InstallationKeys {
  readonly masterKey: Uint8Array;
  readonly auditKey: Uint8Array;
  /** Key files that were not there and have just been made: of no use where the database belongs to other keys. */
  readonly madeFiles: readonly string[];
}

/** How a key file that is missing is met: refused, or made and added to the list. */
type Missing = string[] | 'refuse';

/** A key that the demo keeps in its data folder; made at the first start, the same for all that start at once. */
async function keptKey({ database, dataDir }: Config, name: string, missing: Missing): Promise<Uint8Array> {
  const file = join(dataDir, name);
  const makeFolder = () =>
    database.url === null ? ensureDataFolder(dataDir) : mkdir(dataDir, { recursive: true, mode: 0o700 });
  const text = missing === 'refuse' ? await foundText(file) : await madeText(file, makeFolder, missing);
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32) {
    throw new StartRefused(
      `${file} does not hold a key of 32 octets in base64. Restore it from your backup.`,
    );
  }
  return key;
}

async function foundText(file: string): Promise<string> {
  const text = await readIfThere(file);
  if (text === null) {
    throw new StartRefused(`${file} does not exist yet; the first start of the service makes it.`);
  }
  return text;
}

async function madeText(file: string, makeFolder: () => Promise<unknown>, made: string[]): Promise<string> {
  try {
    await makeFolder();
    const fresh = `${randomBytes(32).toString('base64')}\n`;
    if (!(await createOnce(file, fresh))) return await readFile(file, 'utf8');
    made.push(file);
    return fresh;
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    throw new StartRefused(
      `${file} can be neither made nor read (${code}). Set DATA_DIR to a folder that this account may write to.`,
      { cause: error },
    );
  }
}

/**
 * The keys that the operator set; where he set none (the demo only), those in the data folder.
 *
 * @param missing whether key files that are not there yet are made
 * @throws {StartRefused} where a key file cannot be used
 */
export async function installationKeys(
  config: Config,
  missing: 'make' | 'refuse' = 'make',
): Promise<InstallationKeys> {
  const madeFiles: string[] = [];
  const whenMissing = missing === 'make' ? madeFiles : missing;
  return {
    masterKey: config.masterKey ?? (await keptKey(config, 'master.key', whenMissing)),
    auditKey: config.auditKey ?? (await keptKey(config, 'audit.key', whenMissing)),
    madeFiles,
  };
}
