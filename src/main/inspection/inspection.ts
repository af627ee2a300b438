import type { LegacyFacts } from '../../adapters/postgres/legacy-survey/legacy-facts.ts';
import { surveyLegacy } from '../../adapters/postgres/legacy-survey/survey-legacy.ts';
import { createMigrator } from '../../adapters/postgres/migrator.ts';
import { MigrationRefused } from '../../../migrations/migration.ts';
import type { JsonPointer } from '../../domain/shared/json-pointer.ts';
import { checkServer } from '../check-server.ts';
import type { ConfiguredVendor } from '../config/read-vendors.ts';
import type { ReachedDatabase } from '../reach-database.ts';
import { rowSurprises } from './row-surprises.ts';
import { serverOrRoleSurprises } from './server-or-role-surprises.ts';
import type { Surprise } from './surprise.ts';
import { tableSurprises } from './table-surprises.ts';

/** How far the database is migrated. */
export interface MigrationFacts {
  readonly applied: number;
  readonly pending: number;
  /** Why `migrate up` would refuse; `null` where it would not. */
  readonly refusal: string | null;
}

/** What is looked for. */
export interface InspectionOptions {
  readonly vendors: readonly ConfiguredVendor[];
  /** `null` where it is not to be judged: neither set, nor in use. */
  readonly sessionTimeZone: string | null;
  readonly sessionSubject: JsonPointer | null;
  /** Milliseconds for the rows of each table. */
  readonly limitMs: number;
  /** @param total as the server estimates it; `null` where it does not */
  readonly onProgress: (table: string, rows: number, total: number | null) => void;
}

/** What was found of a database in which the legacy service works, or is to. */
export interface Inspection extends LegacyFacts {
  readonly migrations: MigrationFacts;
  /** What the operator lists in `VENDORS`, in normal form. */
  readonly listedVendors: readonly string[];
  readonly surprises: readonly Surprise[];
}

async function migrationFacts(database: ReachedDatabase): Promise<MigrationFacts> {
  const migrator = createMigrator(database);
  try {
    const status = await migrator.status();
    const pending = status.filter(({ appliedAt }) => appliedAt === null).length;
    const refusal = await migrator.plan().then(
      () => null,
      (error: unknown) => {
        if (error instanceof MigrationRefused) return error.message;
        throw error;
      },
    );
    return { applied: status.length - pending, pending, refusal };
  } finally {
    await migrator.close();
  }
}

/** What is surprising, of everything that was found. Pure. */
export const surprisesOf = (
  facts: LegacyFacts,
  migrations: MigrationFacts,
  sessionTimeZone: string | null,
): readonly Surprise[] => [
  ...(migrations.refusal === null
    ? []
    : [
        {
          code: 'migration-refused',
          found: `migrate up would refuse: ${migrations.refusal}`,
          todo: 'Do what it says, and inspect again.',
        },
      ]),
  ...tableSurprises(facts),
  ...rowSurprises(facts, sessionTimeZone),
  ...serverOrRoleSurprises(facts, migrations.pending === 0),
];

/**
 * Looks at the database, and judges what it finds. Changes nothing.
 *
 * @throws {StartRefused} where the database cannot be reached, or is too old
 */
export async function inspectDatabase(
  database: ReachedDatabase,
  { sessionSubject, sessionTimeZone, vendors, ...options }: InspectionOptions,
): Promise<Inspection> {
  const url = database.ownerUrl ?? database.directUrl;
  await checkServer(url);
  const byId = new Map(vendors.map((vendor) => [vendor.vendorId, vendor]));
  const facts = await surveyLegacy({
    ...options,
    url,
    sessionSubject,
    sessionTimeZone,
    now: new Date(),
    listedVendor: (vendorId) => (vendorId === null ? null : (byId.get(vendorId) ?? null)),
  });
  const migrations = await migrationFacts(database);
  return {
    ...facts,
    migrations,
    listedVendors: [...byId.keys()],
    surprises: surprisesOf(facts, migrations, sessionTimeZone),
  };
}
