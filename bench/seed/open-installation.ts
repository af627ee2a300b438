import { AesGcmTextCipher } from '../../src/adapters/crypto/aes-gcm-text-cipher.ts';
import { Argon2PasswordHasher } from '../../src/adapters/crypto/argon2-password-hasher.ts';
import { EnvelopeKeyProvider } from '../../src/adapters/crypto/envelope-key-provider.ts';
import { HmacKeyedHash } from '../../src/adapters/crypto/hmac-keyed-hash.ts';
import { MasterKey } from '../../src/adapters/crypto/master-key.ts';
import { openDatabase } from '../../src/adapters/postgres/database.ts';
import { createMigrator } from '../../src/adapters/postgres/migrator.ts';
import { PoolStatements } from '../../src/adapters/postgres/pool-statements.ts';
import { PostgresDataKeyStore } from '../../src/adapters/postgres/stores/data-key-store.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { UuidV7Generator } from '../../src/adapters/system/uuid-v7-generator.ts';
import type { KeyedHash } from '../../src/application/ports/security/keyed-hash.ts';
import type { PasswordHasher } from '../../src/application/ports/security/password-hasher.ts';
import type { TextCipher } from '../../src/application/ports/security/text-cipher.ts';
import { claimKeys } from '../../src/main/claim-keys.ts';
import type { Config } from '../../src/main/config/config.ts';
import { installationKeys } from '../../src/main/installation-keys.ts';
import { reachDatabase } from '../../src/main/reach-database.ts';
import { refuseOthers } from './refuse-others.ts';
import { SeedConnection } from './seed-connection.ts';

/** An installation, as far as filling its database needs it. */
export interface Installation {
  /** Two, so that one is written to while the rows for the other are made. */
  readonly connections: readonly [SeedConnection, SeedConnection];
  /** Seals under the real keys of the tenants, made where a tenant has none yet. */
  readonly textCipher: TextCipher;
  readonly keyedHash: KeyedHash;
  readonly passwordHasher: PasswordHasher;
  readonly close: () => Promise<void>;
}

/**
 * Opens the database that the configuration names, or the embedded one, and brings its schema up to date.
 *
 * @throws {StartRefused} where real cases are in it, or are to come into it; nothing was changed
 */
export async function openInstallation(config: Config): Promise<Installation> {
  const keys = await installationKeys(config);
  const reached = await reachDatabase(config);
  const open = () => SeedConnection.open(reached.directUrl);
  const connections = await Promise.all([open(), open()]);
  try {
    await refuseOthers(connections[0]);
  } catch (error) {
    await Promise.all(connections.map((connection) => connection.close()));
    await reached.release();
    throw error;
  }
  const migrator = createMigrator(reached);
  await migrator.up().finally(() => migrator.close());
  const database = openDatabase({ ...reached, prepared: config.database.prepared });
  await claimKeys(database, keys, {
    anonymousCases: config.settings.anonymousCases,
    enforced: false,
    told: false,
  });
  const masterKey = new MasterKey(keys.masterKey);
  const keyProvider = new EnvelopeKeyProvider({
    dataKeys: new PostgresDataKeyStore(new PoolStatements(database.kysely)),
    masterKey,
    clock: new SystemClock(),
    idGenerator: new UuidV7Generator(),
  });
  return {
    connections,
    textCipher: new AesGcmTextCipher(keyProvider),
    keyedHash: new HmacKeyedHash(masterKey),
    passwordHasher: new Argon2PasswordHasher(config.argon2),
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
      await database.close();
      await reached.release();
    },
  };
}
