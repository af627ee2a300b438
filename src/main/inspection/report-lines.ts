import {
  LEGACY_TABLES,
  type LegacyFacts,
  type OpenTransaction,
  type TableFacts,
} from '../../adapters/postgres/legacy-survey/legacy-facts.ts';
import { listed, rowsInWords, secondsInWords, sizeInWords } from './in-words.ts';
import type { Inspection } from './inspection.ts';
import { printable } from './printable.ts';
import { requestLines } from './request-lines.ts';
import { rowsByTable } from './rows-by-table.ts';
import { sessionLines } from './session-lines.ts';
import { usableColumns } from './usable-columns.ts';

/** A heading, and what stands under it. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

function serverLines({ migrations, role, server }: Inspection): readonly string[] {
  const settings = Object.entries(server.settings).map(([name, value]) => `${name} ${value}`);
  const zones = Object.entries(server.timeZonesByRole).map(([who, zone]) => `${zone} for ${who}`);
  const may = [
    ...(role.mayCreateTables ? ['make tables in schema public'] : []),
    ...(role.mayCreateSchemas ? ['make schemas'] : []),
    ...(role.seesOthers ? ["see other roles' transactions"] : []),
  ];
  return [
    `PostgreSQL ${server.version}, encoding ${server.encoding}, time zone ${server.timeZone}`,
    `${String(server.connections)} of ${String(server.maxConnections)} connections in use`,
    ...listed('settings', settings),
    ...listed('time zones that were set', zones),
    ...listed('event triggers', server.eventTriggers.map(printable)),
    `role ${printable(role.name)}${role.isSuperuser ? ' (superuser)' : ''} may ${may.length === 0 ? 'do none of what a migration needs' : may.join(', ')}`,
    migrations.pending === 0
      ? `every migration is done (${String(migrations.applied)})`
      : `migrations: ${String(migrations.applied)} done, ${String(migrations.pending)} pending`,
  ];
}

function columnLines(table: TableFacts): readonly string[] {
  const width = Math.max(...usableColumns(table).map(({ name }) => name.length));
  return usableColumns(table).map(({ name, type, use, what }) => {
    const column = table.columns.find((theirs) => theirs.name === name);
    const details = [
      type ?? '',
      column && !column.nullable ? 'not null' : '',
      column?.default == null ? '' : `default ${printable(column.default)}`,
    ].filter(Boolean);
    const about = [use === 'used' ? '' : use, what].filter(Boolean).join(', ');
    return `${printable(name).padEnd(width)}  ${[...details, about === '' ? '' : `(${about})`].filter(Boolean).join(' ')}`;
  });
}

function tableLines(table: TableFacts): readonly string[] {
  return [
    ...listed('triggers', table.triggers.map(printable)),
    ...listed('rules', table.rules.map(printable)),
    ...listed('views on it', table.views.map(printable)),
    ...listed('inherits from', table.parents.map(printable)),
    ...listed('parts or heirs', table.children.map(printable)),
    ...listed('published by', table.publications.map(printable)),
    ...listed('constraints', table.constraints.map(printable)),
    ...(table.rowSecurity ? ['row level security is on'] : []),
    `this role may ${table.mayAlter ? '' : 'not '}change its definition`,
  ];
}

function rowsOf(facts: LegacyFacts, table: TableFacts): string {
  const found = rowsByTable(facts)[table.name];
  if (found === null) return 'rows not looked at';
  if ('unread' in found) return `rows not looked at (${found.unread})`;
  return rowsInWords(found.rows, found.isWhole, table.estimatedRows);
}

const tableSection = (facts: Inspection, table: TableFacts): Section => ({
  title: `${table.name}: ${rowsOf(facts, table)}${table.bytes === null ? '' : `; ${sizeInWords(table.bytes)}`}`,
  lines: [
    ...columnLines(table),
    ...tableLines(table),
    ...(table.name === 'rn_requests' ? requestLines(facts) : []),
    ...(table.name === 'nest_sessions' ? sessionLines(facts) : []),
  ],
});

const transactionLine = ({ application, locks, pid, seconds, state, waitsFor }: OpenTransaction): string =>
  [
    `process ${String(pid)} (${printable(application)}), ${state} for ${secondsInWords(seconds)}`,
    ...listed('holds', locks),
    ...listed('waits for', waitsFor),
  ].join('; ');

function transactionLines({ prepared, role, transactions }: Inspection): readonly string[] {
  return [
    ...(transactions.length === 0 ? ['none that is open for a second or more'] : []),
    ...transactions.map(transactionLine),
    ...prepared.map(
      ({ name, owner, seconds }) =>
        `prepared ${printable(name)} by ${printable(owner)}, for ${secondsInWords(seconds)}`,
    ),
    ...(role.seesOthers
      ? []
      : ["this role sees its own transactions only (GRANT pg_read_all_stats shows the others')"]),
  ];
}

/** The report, section by section, in words. */
export function reportSections(inspection: Inspection): readonly Section[] {
  const missing = LEGACY_TABLES.filter((name) => !inspection.tables.some((table) => table.name === name));
  const absent = missing.map((name) => ({
    title: `${name}: there is no such table`,
    lines: ['migrate up makes it, in the shape that the legacy service uses'],
  }));
  return [
    { title: 'Server', lines: serverLines(inspection) },
    ...inspection.tables.map((table) => tableSection(inspection, table)),
    ...absent,
    { title: 'Open transactions', lines: transactionLines(inspection) },
    {
      title: `Surprises: ${inspection.surprises.length === 0 ? 'none' : String(inspection.surprises.length)}`,
      lines: inspection.surprises.flatMap(({ code, found, todo }) => [`${code}: ${found}`, `  ${todo}`]),
    },
  ];
}
