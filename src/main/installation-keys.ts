import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ensureDataFolder } from '../adapters/embedded-postgres/ensure-data-folder.ts';
import { keepOnce } from '../adapters/embedded-postgres/keep-once.ts';
import { StartRefused } from './start-refusal.ts';
import type { Config } from './config/config.ts';

/** The two keys of an installation, 32 octets each. */
export interface InstallationKeys {
  readonly masterKey: Uint8Array;
  readonly auditKey: Uint8Array;
}

/** A key that the demo keeps in its data folder; made at the first start, the same for all that start at once. */
async function keptKey(dataDir: string, name: string): Promise<Uint8Array> {
  const file = join(dataDir, name);
  const key = Buffer.from(await keptText(dataDir, file), 'base64');
  if (key.length !== 32) {
    throw new StartRefused(
      `${file} does not hold a key of 32 octets in base64. Restore it from your backup.`,
    );
  }
  return key;
}

async function keptText(dataDir: string, file: string): Promise<string> {
  try {
    await ensureDataFolder(dataDir);
    return await keepOnce(file, `${randomBytes(32).toString('base64')}\n`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new StartRefused(
      `${file} can be neither made nor read (${code}). Set DATA_DIR to a folder that this account may write to.`,
      { cause: error },
    );
  }
}

/** The keys that the operator set; where he set none (the demo only), those in the data folder. */
export async function installationKeys({ masterKey, auditKey, dataDir }: Config): Promise<InstallationKeys> {
  return {
    masterKey: masterKey ?? (await keptKey(dataDir, 'master.key')),
    auditKey: auditKey ?? (await keptKey(dataDir, 'audit.key')),
  };
}
