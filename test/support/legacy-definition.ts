import { withClient } from './legacy-service.ts';

/** All that the catalog says of the legacy tables, but for what the server counts and for numbers that it gives by itself. */
const DEFINITION = `
SELECT c.relname AS table, c.relkind, c.relpersistence, c.relreplident, c.relrowsecurity, c.relforcerowsecurity, c.relhasrules,
  c.reloptions, c.relacl::text, pg_get_userbyid(c.relowner) AS owner, obj_description(c.oid, 'pg_class') AS comment,
  (SELECT json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
      a.attstorage, a.attcompression, a.attstattarget, a.attoptions, a.attacl::text, pg_get_expr(d.adbin, d.adrelid),
      col_description(c.oid, a.attnum)) ORDER BY a.attnum)
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  (SELECT json_agg(json_build_array(pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered, i.indisreplident,
      obj_description(i.indexrelid, 'pg_class')) ORDER BY i.indexrelid::regclass::text)
    FROM pg_index i WHERE i.indrelid = c.oid) AS indexes,
  (SELECT json_agg(json_build_array(k.conname, pg_get_constraintdef(k.oid), k.convalidated, obj_description(k.oid, 'pg_constraint')) ORDER BY k.conname)
    FROM pg_constraint k WHERE k.conrelid = c.oid OR k.confrelid = c.oid) AS constraints,
  (SELECT json_agg(json_build_array(pg_get_triggerdef(t.oid), t.tgenabled) ORDER BY t.tgname) FROM pg_trigger t WHERE t.tgrelid = c.oid) AS triggers,
  (SELECT json_agg(pg_get_ruledef(r.oid) ORDER BY r.rulename) FROM pg_rewrite r WHERE r.ev_class = c.oid) AS rules,
  (SELECT json_agg(json_build_array(p.polname, pg_get_expr(p.polqual, p.polrelid)) ORDER BY p.polname) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies,
  (SELECT json_agg(s.stxname ORDER BY s.stxname) FROM pg_statistic_ext s WHERE s.stxrelid = c.oid) AS statistics,
  (SELECT json_agg(m.prpubid ORDER BY m.prpubid) FROM pg_publication_rel m WHERE m.prrelid = c.oid) AS publications
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('rn_requests', 'nest_sessions', 'check_user_log')
ORDER BY c.relname`;

/** How the legacy tables are defined: columns in their order, indexes, constraints, triggers, comments, rights, and all else. */
export const legacyDefinition = (url: string): Promise<readonly unknown[]> =>
  withClient(url, async (client) => (await client.query<Record<string, unknown>>(DEFINITION)).rows);
