import { HmacKeyedHash } from '../../../src/adapters/crypto/hmac-keyed-hash.ts';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import { PostgresLegacyIndex } from '../../../src/adapters/postgres/legacy/legacy-index.ts';
import { PostgresLegacyRequests } from '../../../src/adapters/postgres/legacy/legacy-requests.ts';
import { LegacyShape } from '../../../src/adapters/postgres/legacy/legacy-shape.ts';
import { PoolStatements } from '../../../src/adapters/postgres/pool-statements.ts';
import { PostgresLegacyLinkDirectory } from '../../../src/adapters/postgres/stores/legacy-link-directory.ts';
import { PostgresUnitOfWork } from '../../../src/adapters/postgres/unit-of-work.ts';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.ts';
import { ConfiguredVendors } from '../../../src/adapters/vendors/configured-vendors.ts';
import { IndexLegacyRequests } from '../../../src/application/legacy/index-legacy-requests.ts';
import { legacyLookup } from '../../../src/application/steps/legacy-lookup.ts';
import type { LegacyIdentifier } from '../../../src/domain/legacy/legacy-identifier.ts';
import { newId } from '../../contracts/stores/fixtures.ts';
import { SYSTEM } from '../../support/builders.ts';
import { ignoreJobs } from '../../support/ignore-jobs.ts';
import type { PostgresStoreWorld } from '../../support/postgres-store-world.ts';

/** Whom the requests that {@link insertRequest} adds are of. */
export const REQUESTER = { kind: 'legacy_user_id', normal: '4711' } as const;

/** Adds a request of vendor `clinic`, and gives its id. */
export async function insertRequest({ sql }: Pick<PostgresStoreWorld, 'sql'>): Promise<string> {
  const id = newId();
  await sql(`INSERT INTO rn_requests (uuid, vendor_id, user_id) VALUES ($1, 'clinic', $2)`, [
    id,
    REQUESTER.normal,
  ]);
  return id;
}

const HOUR_MS = 3_600_000;
/** Longer than it ever rests from looking for new rows. */
const PAUSE_MS = 30_000;

/** A process that follows the requests of a legacy database. Its clock goes as all do, and may be ahead. */
export function indexProcess(url: string) {
  const { kysely, close } = openDatabase({ url, prepared: true });
  const statements = new PoolStatements(kysely);
  const shape = new LegacyShape();
  let aheadMs = 0;
  const clock = { now: () => new Date(Date.now() + aheadMs) };
  const lookingUp = {
    keyedHash: new HmacKeyedHash(new MasterKey(new Uint8Array(32).fill(5))),
    vendorDirectory: new ConfiguredVendors([]),
  };
  const legacyIndex = new PostgresLegacyIndex(statements, shape);
  const legacyRequests = new PostgresLegacyRequests(statements, shape, clock);
  const indexing = new IndexLegacyRequests({
    ...lookingUp,
    clock,
    idGenerator: new UuidV7Generator(),
    legacyIndex,
    legacyRequests,
    legacyLinkDirectory: new PostgresLegacyLinkDirectory(statements),
    unitOfWork: new PostgresUnitOfWork(kysely, ignoreJobs, undefined, shape),
  });
  const run = () => indexing.execute({ actor: SYSTEM });
  const lookup = (vendorId: string | null, identifier: LegacyIdentifier) =>
    legacyLookup(lookingUp, vendorId, identifier);
  return {
    close,
    legacyIndex,
    /** By what the requests that say an identifier are found. */
    lookup,
    run,
    /** Lets half a minute pass, and runs. */
    runLater: () => {
      aheadMs += PAUSE_MS;
      return run();
    },
    /** Runs until the index is complete. */
    build: async (): Promise<void> => {
      do await run();
      while ((await legacyIndex.readState()).completedAt === null);
    },
    /** Lets an hour pass, and runs until everything was compared. */
    compare: async (): Promise<void> => {
      aheadMs += HOUR_MS;
      do await run();
      while ((await legacyIndex.readState()).comparedThrough !== null);
    },
    /** Ids of the requests that say an identifier. */
    find: async (vendorId: string | null, identifier: LegacyIdentifier): Promise<readonly string[]> => {
      const records = await legacyRequests.findByIdentifier(lookup(vendorId, identifier));
      return records.map(({ caseId }) => caseId).sort();
    },
  };
}
