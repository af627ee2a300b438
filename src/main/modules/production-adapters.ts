import type { Adapters } from '../../application/adapters.ts';
import type { RevocationList } from '../../application/ports/security/revocation-list.ts';
import type { Clock } from '../../application/ports/system/clock.ts';
import type { MasterKey } from '../../adapters/crypto/master-key.ts';
import type { PostgresDatabase } from '../../adapters/postgres/database.ts';
import { PoolStatements } from '../../adapters/postgres/pool-statements.ts';
import { PostgresAccountDirectory } from '../../adapters/postgres/stores/account-directory.ts';
import { PostgresDataKeyStore } from '../../adapters/postgres/stores/data-key-store.ts';
import { PostgresFailureCounterStore } from '../../adapters/postgres/stores/failure-counter-store.ts';
import { PostgresRefreshTokenStore } from '../../adapters/postgres/stores/refresh-token-store.ts';
import { PostgresSigningKeyStore } from '../../adapters/postgres/stores/signing-key-store.ts';
import { PostgresUnitOfWork } from '../../adapters/postgres/unit-of-work.ts';
import type { Config } from '../config/config.ts';
import { cryptoAdapters, type CryptoAdapters } from './crypto-adapters.ts';

/** What the adapters of a running installation stand on. */
export interface Foundations {
  readonly config: Config;
  readonly database: PostgresDatabase;
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  readonly revocationList: RevocationList;
}

/** The adapters of an installation, the signing keys once more by their technology, for whoever has to reload them. */
export type ProductionAdapters = Adapters & Pick<CryptoAdapters, 'signingKeys'>;

/** One adapter a port, on PostgreSQL and Node's cryptography. */
export function productionAdapters(foundations: Foundations): ProductionAdapters {
  const { clock, config, database, masterKey, revocationList } = foundations;
  const statements = new PoolStatements(database.kysely);
  return {
    ...cryptoAdapters({
      clock,
      config,
      masterKey,
      signingKeyStore: new PostgresSigningKeyStore(database.kysely),
      dataKeyStore: new PostgresDataKeyStore(statements),
    }),
    revocationList,
    accountDirectory: new PostgresAccountDirectory(statements),
    failureCounters: new PostgresFailureCounterStore(statements),
    refreshTokenStore: new PostgresRefreshTokenStore(statements, clock),
    unitOfWork: new PostgresUnitOfWork(database.kysely),
  };
}
