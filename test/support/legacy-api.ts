import { rmSync } from 'node:fs';
import { type Api, PUBLIC_URL, startApi } from './api.ts';
import { type LegacyDatabase, makeLegacyDatabase } from './legacy-database.ts';
import type { LegacyInstallation } from './legacy/legacy-installation.ts';
import { type VendorFile, writeVendorFile } from './legacy/vendor-file.ts';
import { emptyDatabase } from './postgres.ts';
import { CHEAP, newKeys, type ProcessEnv } from './service-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The service on the database of a legacy installation. */
export interface LegacyApi extends Api {
  readonly legacy: LegacyDatabase;
  readonly vendors: VendorFile;
  /** Settings of a command that works beside it. */
  readonly env: ProcessEnv;
  /** For files of a test; removed at the end. */
  readonly folder: string;
}

/**
 * Makes up the database of an installation, and starts the service on it: with its vendors, and with its sessions taken.
 *
 * @param tenantOf slug of the tenant that a vendor belongs to
 */
export async function startLegacyApi(
  installation: LegacyInstallation,
  tenantOf?: (vendorId: string) => string,
): Promise<LegacyApi> {
  const folder = temporaryFolder('casegate-legacy-');
  const vendors = await writeVendorFile(folder, installation, tenantOf);
  const database = await emptyDatabase();
  const legacy = await makeLegacyDatabase(database.url, installation);
  const env = {
    ...CHEAP,
    ...newKeys(),
    DATABASE_URL: database.url,
    PUBLIC_URL,
    VENDORS: vendors.path,
    LEGACY_SESSION_SECRETS: installation.sessionSecrets.join(','),
    LEGACY_SESSION_TIME_ZONE: installation.sessionTimeZone,
    LEGACY_SESSION_SUBJECT: installation.sessionSubject.pointer,
  };
  const api = await startApi(env, {}, database);
  return {
    ...api,
    legacy,
    vendors,
    env,
    folder,
    stop: async () => {
      await api.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
