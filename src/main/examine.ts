import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MasterKey } from '../adapters/crypto/master-key.ts';
import { JoseSigningKeys } from '../adapters/crypto/jose-signing-keys.ts';
import { openDatabase, type PostgresDatabase } from '../adapters/postgres/database.ts';
import { PostgresLegacyIndex } from '../adapters/postgres/legacy/legacy-index.ts';
import { LegacyShape } from '../adapters/postgres/legacy/legacy-shape.ts';
import { PoolStatements } from '../adapters/postgres/pool-statements.ts';
import { createMigrator } from '../adapters/postgres/migrator.ts';
import { PostgresSigningKeyStore } from '../adapters/postgres/stores/signing-key-store.ts';
import { PostgresTenantStore } from '../adapters/postgres/stores/tenant-store.ts';
import { checkServer, type ServerFacts } from './check-server.ts';
import { checkKeys } from './claim-keys.ts';
import { type Config, readConfig } from './config/config.ts';
import { ConfigRefused } from './config/config-refused.ts';
import { installationKeys, type InstallationKeys } from './installation-keys.ts';
import { missingTenants } from './missing-tenants.ts';
import { reachDatabase, type ReachedDatabase } from './reach-database.ts';
import { isStartRefusal, StartRefused } from './start-refusal.ts';

/** Seconds by which the clocks of service and database may differ before times stop meaning the same. */
const MAX_SKEW_SECONDS = 5;

/** What was found of one part of the installation. */
export interface Finding {
  readonly part: string;
  /** What is wrong and how to mend it; `null` where nothing is. */
  readonly fault: string | null;
}

const fine = (part: string): Finding => ({ part, fault: null });

/** A finding that is made by trying: a refusal is what is wrong. */
async function tried(part: string, attempt: () => Promise<void>): Promise<Finding> {
  try {
    await attempt();
    return fine(part);
  } catch (error) {
    if (isStartRefusal(error)) return { part, fault: error.message };
    throw error;
  }
}

/** Examines the installation part by part; what stands on a part that is wrong is not examined. Changes nothing. */
export async function* examine(env: Readonly<Record<string, string | undefined>>): AsyncGenerator<Finding> {
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    yield* error.problems.map(({ setting, remedy }) => ({ part: `configuration ${setting}`, fault: remedy }));
    return;
  }
  yield* config.ignored.map((name) => fine(`configuration ${name} (has no effect in this release)`));
  yield fine(`configuration (${config.profile})`);
  let reached: ReachedDatabase | undefined;
  let server: ServerFacts | undefined;
  const database = await tried('database', async () => {
    assertFounded(config);
    reached = await reachDatabase(config);
    server = await checkServer(reached.directUrl);
  });
  try {
    yield database;
    if (reached && server) {
      yield clockFinding(server);
      yield* examineDatabase(config, reached);
    }
  } finally {
    await reached?.release();
  }
}

/** An embedded database that does not exist yet would be made by looking at it. */
function assertFounded({ database, dataDir }: Config): void {
  if (database.url === null && !existsSync(join(dataDir, 'master.key'))) {
    throw new StartRefused(`there is none yet in ${dataDir}; the first start of the service makes it`);
  }
}

async function* examineDatabase(config: Config, reached: ReachedDatabase): AsyncGenerator<Finding> {
  const migrator = createMigrator(reached);
  const pending = (await migrator.status()).filter(({ appliedAt }) => appliedAt === null).length;
  await migrator.close();
  if (pending > 0) {
    yield { part: 'migrations', fault: `${String(pending)} pending; run: casegate migrate up` };
    return;
  }
  yield fine('migrations');
  const database = openDatabase({ ...reached, prepared: config.database.prepared });
  try {
    yield await legacyIndexFinding(database);
    if (config.vendors.length > 0) yield await vendorsFinding(config, database);
    yield* examineKeys(config, database);
  } finally {
    await database.close();
  }
}

function clockFinding({ now, askedAt, answeredAt }: ServerFacts): Finding {
  const middle = (askedAt.getTime() + answeredAt.getTime()) / 2;
  const skew = Math.abs(now.getTime() - middle) / 1000;
  if (skew <= MAX_SKEW_SECONDS) return fine('clock');
  const fault = `differs from the database's by ${skew.toFixed(1)} s; let both follow the same time server (NTP)`;
  return { part: 'clock', fault };
}

/** Nothing is wrong with an index that is behind: it follows by itself, where the service or a worker runs. */
async function legacyIndexFinding({ kysely }: PostgresDatabase): Promise<Finding> {
  const statements = new PoolStatements(kysely);
  const index = new PostgresLegacyIndex(statements, new LegacyShape());
  const { completedAt } = await index.readState();
  const { entries, rows } = await index.count();
  const told = `${String(entries)} of ${String(rows)} requests`;
  return fine(`legacy index (${completedAt === null ? 'being built' : 'complete'}, ${told})`);
}

/** A vendor's tenant that does not exist hides its people's cases from everybody. */
async function vendorsFinding({ vendors }: Config, { kysely }: PostgresDatabase): Promise<Finding> {
  const missing = await missingTenants(new PostgresTenantStore(new PoolStatements(kysely)), vendors);
  if (missing.length === 0) return fine('vendors');
  const fault = `VENDORS names tenants that do not exist: ${missing.join(', ')}; make them (POST /tenants), or correct the list`;
  return { part: 'vendors', fault };
}

async function* examineKeys(config: Config, database: PostgresDatabase): AsyncGenerator<Finding> {
  let keys: InstallationKeys | undefined;
  const held = await tried('keys', async () => {
    keys = await installationKeys(config, 'refuse');
    await checkKeys(database, keys);
  });
  yield held;
  if (held.fault === null && keys) yield await signingKeysFinding(database, keys, config.accessTokenTtl);
}

const signingKeysFinding = (
  { kysely }: PostgresDatabase,
  keys: InstallationKeys,
  accessTokenTtl: number,
): Promise<Finding> =>
  tried('signing keys', async () => {
    const dependencies = {
      signingKeyStore: new PostgresSigningKeyStore(kysely),
      masterKey: new MasterKey(keys.masterKey),
    };
    const listed = await new JoseSigningKeys(dependencies, accessTokenTtl).list(new Date());
    if (!listed.some(({ acceptedUntil }) => acceptedUntil === null)) {
      throw new StartRefused(
        'there is none that signs; start the service once, or run: casegate keys rotate',
      );
    }
  });
