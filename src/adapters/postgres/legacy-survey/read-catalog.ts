import type { Client } from 'pg';
import { errorCodeOf } from '../pg-errors.ts';
import { LEGACY_TABLES, type ColumnFacts, type TableFacts } from './legacy-facts.ts';
import { withoutLiterals } from './without-literals.ts';

/** Milliseconds to wait for a table that somebody changes. */
const LOCK_TIMEOUT_MS = 300;

/** A table as the catalog has it, without what is told in words of SQL. */
interface CatalogRow extends Omit<TableFacts, 'bytes' | 'constraints' | 'columns'> {
  readonly columns: readonly Omit<ColumnFacts, 'default'>[];
}

/** From system catalogs, without any lock on the tables themselves: somebody may hold one that lasts. */
const TABLES = `
SELECT c.relname AS name, c.relkind::text AS kind,
  CASE WHEN c.reltuples >= 0 THEN c.reltuples::float8 END AS "estimatedRows",
  c.relrowsecurity AS "rowSecurity",
  coalesce(has_table_privilege(c.oid, 'SELECT'), false) AS "mayRead",
  pg_has_role(c.relowner, 'USAGE') AS "mayAlter",
  coalesce((SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'nullable', NOT a.attnotnull, 'hasDefault', a.atthasdef AND a.attgenerated = '',
      'generated', a.attidentity <> '' OR a.attgenerated <> '') ORDER BY a.attnum)
    FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]') AS columns,
  coalesce((SELECT jsonb_agg((SELECT jsonb_agg(a.attname ORDER BY k.place)
      FROM unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY AS k (attnum, place)
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum))
    FROM pg_index i
    WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL), '[]') AS "uniqueKeys",
  coalesce((SELECT jsonb_agg(t.tgname || CASE WHEN t.tgenabled = 'D' THEN ' (off)' ELSE '' END ORDER BY t.tgname)
    FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal), '[]') AS triggers,
  coalesce((SELECT jsonb_agg(r.rulename ORDER BY r.rulename)
    FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'), '[]') AS rules,
  coalesce((SELECT jsonb_agg(h.inhparent::regclass::text) FROM pg_inherits h WHERE h.inhrelid = c.oid), '[]') AS parents,
  coalesce((SELECT jsonb_agg(h.inhrelid::regclass::text) FROM pg_inherits h WHERE h.inhparent = c.oid), '[]') AS children,
  coalesce((SELECT jsonb_agg(DISTINCT r.ev_class::regclass::text)
    FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
      AND r.ev_class <> c.oid), '[]') AS views,
  coalesce((SELECT jsonb_agg(p.pubname ORDER BY p.pubname) FROM pg_publication p
    WHERE p.puballtables OR EXISTS (SELECT FROM pg_publication_rel m WHERE m.prpubid = p.oid AND m.prrelid = c.oid)), '[]') AS publications
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname = ANY ($1::text[])
ORDER BY array_position($1::text[], c.relname::text)`;

const ELSEWHERE = `
SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = ANY ($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'public' AND n.nspname NOT LIKE 'pg\\_%'
ORDER BY 1`;

/** What is told in words of SQL, and the size: these do lock the tables, if only for a moment. */
const DETAILS = `
SELECT c.relname AS name, pg_total_relation_size(c.oid)::float8 AS bytes,
  coalesce((SELECT jsonb_object_agg(a.attname, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE d.adrelid = c.oid AND a.attgenerated = ''), '{}') AS defaults,
  coalesce((SELECT jsonb_agg(
      CASE WHEN k.conrelid = c.oid THEN '' ELSE k.conrelid::regclass || ': ' END || k.conname || ' ' || pg_get_constraintdef(k.oid)
      ORDER BY k.conname)
    FROM pg_constraint k
    WHERE k.contype IN ('c', 'f', 'x') AND k.conrelid <> 0 AND (k.conrelid = c.oid OR k.confrelid = c.oid)
      AND k.conparentid = 0), '[]') AS constraints
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname = ANY ($1::text[])`;

interface Details {
  readonly name: string;
  readonly bytes: number;
  readonly defaults: Readonly<Record<string, string>>;
  readonly constraints: readonly string[];
}

/** @returns nothing where somebody holds one of the tables */
async function readDetails(client: Client): Promise<readonly Details[]> {
  try {
    await client.query(`SAVEPOINT details; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
    return (await client.query<Details>(DETAILS, [LEGACY_TABLES])).rows;
  } catch (error) {
    if (errorCodeOf(error) !== '55P03') throw error;
    await client.query('ROLLBACK TO SAVEPOINT details');
    return [];
  }
}

function withDetails(table: CatalogRow, details: Details | undefined): TableFacts {
  const columns = table.columns.map((column) => {
    const expression = details?.defaults[column.name];
    return { ...column, default: expression === undefined ? null : withoutLiterals(expression) };
  });
  const constraints = (details?.constraints ?? []).map(withoutLiterals);
  return { ...table, columns, bytes: details?.bytes ?? null, constraints };
}

/** Reads how the legacy service's tables are defined, and where else there are tables of their names; within a transaction. */
export async function readCatalog(
  client: Client,
): Promise<{ readonly tables: readonly TableFacts[]; readonly elsewhere: readonly string[] }> {
  const { rows: found } = await client.query<CatalogRow>(TABLES, [LEGACY_TABLES]);
  const details = await readDetails(client);
  const tables = found.map((table) =>
    withDetails(
      table,
      details.find(({ name }) => name === table.name),
    ),
  );
  const { rows } = await client.query<{ name: string }>(ELSEWHERE, [LEGACY_TABLES]);
  return { tables, elsewhere: rows.map(({ name }) => name) };
}
