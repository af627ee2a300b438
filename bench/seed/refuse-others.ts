import { StartRefused } from '../../src/main/start-refusal.ts';
import type { SeedConnection } from './seed-connection.ts';

interface Tables {
  readonly requests: boolean;
  readonly cases: boolean;
  readonly installation: boolean;
}

const named = (name: string): string => `to_regclass('public.${name}') IS NOT NULL`;

const FIND_TABLES = `SELECT ${named('rn_requests')} AS requests, ${named('cases')} AS cases, ${named('installation')} AS installation`;
const ANY_REQUEST = 'SELECT FROM rn_requests LIMIT 1';
const ANY_FOREIGN_REQUEST = `SELECT FROM rn_requests AS r WHERE NOT EXISTS (SELECT FROM cases WHERE cases.uuid = r.uuid) LIMIT 1`;
const STRICT = 'SELECT FROM installation WHERE NOT anonymous_cases';

/**
 * Keeps made-up people and cases out of a database that real ones are in, or are to come into: one of the legacy service, and one of an
 * installation that allows no anonymous cases. Before anything is migrated.
 *
 * @throws {StartRefused}
 */
export async function refuseOthers(connection: SeedConnection): Promise<void> {
  const holds = async (text: string): Promise<boolean> => (await connection.run({ text }, [])).length > 0;
  const [tables] = await connection.run<Tables>({ text: FIND_TABLES }, []);
  const legacy = tables?.cases ? ANY_FOREIGN_REQUEST : ANY_REQUEST;
  if (tables?.requests && (await holds(legacy))) {
    throw new StartRefused('The legacy service has cases in this database: nothing is made up beside them.');
  }
  if (tables?.installation && (await holds(STRICT))) {
    throw new StartRefused(
      'This database allows no anonymous cases, as in production: nothing is made up in it.',
    );
  }
}
