import { columnList } from '../../src/adapters/postgres/columns.ts';
import {
  PHYSICIAN_COLUMNS,
  type PhysicianRow,
  physicianOfRow,
  rowOfPhysician,
} from '../../src/adapters/postgres/rows/physician-row.ts';
import {
  rowOfTenant,
  TENANT_COLUMNS,
  type TenantRow,
  tenantOfRow,
} from '../../src/adapters/postgres/rows/tenant-row.ts';
import {
  rowOfUser,
  USER_COLUMNS,
  type UserRow,
  userOfRow,
} from '../../src/adapters/postgres/rows/user-row.ts';
import type { Statement, Statements } from '../../src/adapters/postgres/statements.ts';
import { DEFAULT_TENANT_ID } from '../../src/domain/shared/ids.ts';
import type { Tenant } from '../../src/domain/tenancy/tenant.ts';
import type { SeedConnection } from './seed-connection.ts';
import { SeededRandom } from './seeded-random.ts';
import { SeedWorld } from './seed-world.ts';
import { SEEDED, seededPhysician, type SeededPhysician, seededTenant, seededUser } from './staff.ts';

const COUNT_CASES: Statement<{ readonly count: number }> = { text: 'SELECT count(*) AS count FROM cases' };
const LAST_PATIENT: Statement<{ readonly last: number | null }> = {
  text: `SELECT max(substring(email FROM '^${SEEDED}patient-([0-9]+)@')::integer) AS last FROM users
    WHERE email LIKE '${SEEDED}patient-%'`,
};
const LIST_TENANTS: Statement<TenantRow> = {
  text: `SELECT ${columnList(TENANT_COLUMNS)} FROM tenants WHERE uuid = '${DEFAULT_TENANT_ID}' OR slug LIKE '${SEEDED}clinic-%'
    ORDER BY uuid`,
};
const LIST_STAFF: Statement<UserRow> = {
  text: `SELECT ${columnList(USER_COLUMNS)} FROM users
    WHERE email LIKE '${SEEDED}physician-%' OR email LIKE '${SEEDED}admin-%' ORDER BY uuid`,
};
const LIST_PHYSICIANS: Statement<PhysicianRow> = {
  text: `SELECT ${columnList(PHYSICIAN_COLUMNS)} FROM physicians WHERE user_uuid = ANY ($1::uuid[]) ORDER BY uuid`,
};
const LIST_LOADS: Statement<{ readonly physician_uuid: string; readonly count: number }> = {
  text: `SELECT physician_uuid, count(*) AS count FROM cases
    WHERE state IN ('assigned', 'in_review', 'info_requested') GROUP BY physician_uuid`,
};
const ANONYMOUS_CASES: Statement<{ readonly anonymous_cases: boolean }> = {
  text: 'SELECT anonymous_cases FROM installation',
};

/** How many cases there are, seeded or not. */
export async function countCases(statements: Statements): Promise<number> {
  return (await statements.run(COUNT_CASES, []))[0]?.count ?? 0;
}

/** The number of the last patient who was seeded; 0 where none was. */
export async function lastPatient(statements: Statements): Promise<number> {
  return (await statements.run(LAST_PATIENT, []))[0]?.last ?? 0;
}

const between = (least: number, value: number, most: number): number =>
  Math.min(Math.max(Math.round(value), least), most);

interface Staff {
  readonly tenants: readonly Tenant[];
  readonly physicians: readonly SeededPhysician[];
  readonly admins: SeededAdmins;
}

type SeededAdmins = ReadonlyMap<string, string>;

async function readStaff(statements: Statements): Promise<Staff> {
  const tenants = (await statements.run(LIST_TENANTS, [])).map(tenantOfRow);
  const users = (await statements.run(LIST_STAFF, [])).map(userOfRow);
  const rows = await statements.run(LIST_PHYSICIANS, [users.map(({ id }) => id)]);
  const physicians = rows.map(physicianOfRow).flatMap((physician) => {
    const user = users.find(({ id }) => id === physician.userId);
    return user?.isActive && user.role === 'physician' ? [{ physician, user }] : [];
  });
  const admins = users.filter(({ role }) => role === 'admin');
  return { tenants, physicians, admins: new Map(admins.map(({ id, tenantId }) => [tenantId, id])) };
}

/**
 * Adds the tenants, admins and physicians that so many cases need and that are not there yet.
 *
 * @param passwordHash of the accounts; `null` where nobody is to sign in with them
 */
export async function seedPeople(
  connection: SeedConnection,
  cases: number,
  passwordHash: string | null,
  now: Date,
): Promise<SeedWorld> {
  const before = await readStaff(connection);
  const practice = before.tenants.find(({ id }) => id === DEFAULT_TENANT_ID);
  if (!practice) throw new Error('The tenant "default" is missing.');
  const others = before.tenants.filter((tenant) => tenant !== practice);
  const wanted = between(4, cases / 5000, 40);
  const added = numbers(others.length, wanted).map((number) => seededTenant(number, now));
  const tenants = [...others, ...added];
  const admins = [practice, ...tenants]
    .filter(({ id }) => !before.admins.has(id))
    .map((tenant, index) => {
      const account = {
        tenant,
        role: 'admin',
        number: before.admins.size + index + 1,
        language: 'en',
      } as const;
      return seededUser(new SeededRandom('admin', account.number), account, passwordHash, tenant.createdAt);
    });
  const physicians = numbers(before.physicians.length, between(24, cases / 250, 5000)).map((number) =>
    seededPhysician(number, { practice, tenants }, passwordHash, now),
  );
  const users = [...admins, ...physicians.map(({ user }) => user)];
  await connection.write([
    { table: 'tenants', columns: TENANT_COLUMNS, rows: added.map(rowOfTenant) },
    { table: 'users', columns: USER_COLUMNS, rows: users.map(rowOfUser) },
    {
      table: 'physicians',
      columns: PHYSICIAN_COLUMNS,
      rows: physicians.map(({ physician }) => rowOfPhysician(physician)),
    },
  ]);
  return readWorld(connection, now);
}

/** The numbers from the first that is not there yet, counted from 1. */
const numbers = (there: number, wanted: number): readonly number[] =>
  Array.from({ length: Math.max(0, wanted - there) }, (_none, index) => there + index + 1);

async function readWorld(statements: Statements, now: Date): Promise<SeedWorld> {
  const staff = await readStaff(statements);
  const loads = await statements.run(LIST_LOADS, []);
  const [installation] = await statements.run(ANONYMOUS_CASES, []);
  return new SeedWorld({
    ...staff,
    now,
    open: new Map(loads.map(({ physician_uuid, count }) => [physician_uuid, count])),
    anonymousCases: installation?.anonymous_cases ?? false,
  });
}
