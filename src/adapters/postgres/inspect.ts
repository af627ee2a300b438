import type { Facts, TableFacts } from '../../../migrations/facts.ts';
import type { Need } from '../../../migrations/service-role.ts';
import type { MigrationConnection } from './migration-connection.ts';

const INSPECT = `
SELECT c.relname AS name, c.relkind::text AS kind, obj_description(c.oid, 'pg_class') AS comment,
  coalesce((SELECT jsonb_object_agg(a.attname, format_type(a.atttypid, a.atttypmod))
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '{}') AS columns,
  coalesce((SELECT jsonb_object_agg(ic.relname, jsonb_build_object('valid', i.indisvalid AND i.indisready))
    FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid WHERE i.indrelid = c.oid), '{}') AS indexes,
  coalesce((SELECT jsonb_object_agg(k.conname, jsonb_build_object('validated', k.convalidated))
    FROM pg_constraint k WHERE k.conrelid = c.oid), '{}') AS constraints
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`;

const INSPECT_SCHEMAS = `
SELECT has_database_privilege(current_database(), 'CREATE') AS "mayMakeSchemas",
  (SELECT jsonb_object_agg(nspname, obj_description(oid, 'pg_namespace')) FROM pg_namespace) AS schemas`;

/** Reads the catalog: what tables of schema `public` look like, and which schemas there are. Takes no lock that anybody could notice. */
export async function inspect(connection: MigrationConnection): Promise<Facts> {
  const { rows } = await connection.query<TableFacts & { name: string }>(INSPECT);
  const { rows: found } = await connection.query<Omit<Facts, 'tables'>>(INSPECT_SCHEMAS);
  const { mayMakeSchemas = false, schemas = {} } = found[0] ?? {};
  return {
    tables: Object.fromEntries(rows.map(({ name, ...table }) => [name, table])),
    schemas,
    mayMakeSchemas,
  };
}

const LACKING = `
SELECT n."table", n.privilege
FROM jsonb_to_recordset($2::jsonb) AS n ("table" text, privilege text)
WHERE CASE
  WHEN to_regclass(n."table") IS NULL THEN true
  WHEN n.privilege LIKE '%(%' THEN NOT EXISTS (
    SELECT FROM pg_attribute a
    WHERE a.attrelid = to_regclass(n."table") AND NOT a.attisdropped
      AND a.attname = substring(n.privilege FROM '\\((.*)\\)')
      AND has_column_privilege($1, a.attrelid, a.attnum, split_part(n.privilege, ' ', 1)))
  ELSE NOT has_table_privilege($1, n."table", n.privilege)
END`;

/** The rights that the role lacks, those on tables that are still missing among them. */
export async function inspectLacking(
  connection: MigrationConnection,
  role: string,
  needs: readonly Need[],
): Promise<readonly Need[]> {
  const { rows } = await connection.query<{ table: string; privilege: string }>(LACKING, [
    role,
    JSON.stringify(needs),
  ]);
  return rows;
}
