import type { LegacyFacts, TableFacts, Unread } from '../../adapters/postgres/legacy-survey/legacy-facts.ts';
import { rowsByTable } from './rows-by-table.ts';
import type { Surprise } from './surprise.ts';
import { usableColumns } from './usable-columns.ts';

/** What a new case of Casegate's fills in `rn_requests`; all else has to have a default, or to allow null. */
const FILLED = ['uuid', 'user_uuid', 'language', 'created_at'];

const KINDS: Readonly<Record<string, string>> = {
  p: 'a partitioned table',
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
};

function shapeSurprises(table: TableFacts): readonly Surprise[] {
  const kind = KINDS[table.kind];
  const found: Surprise[] = [];
  if (kind !== undefined) {
    found.push({
      code: 'not-an-ordinary-table',
      found: `rn_requests is ${kind}, to which Casegate cannot add its column.`,
      todo: 'Casegate cannot be brought in here as it is: migrate up refuses.',
    });
  }
  if (table.parents.length + table.children.length > 0) {
    found.push({
      code: 'inheritance',
      found: `rn_requests shares rows with ${[...table.parents, ...table.children].join(', ')} by inheritance or partitions.`,
      todo: "Keys, indexes and Casegate's column do not pass between such tables. Try the migration on a copy first.",
    });
  }
  if (table.rowSecurity) {
    found.push({
      code: 'row-security',
      found: 'rn_requests has row level security: rows may be hidden from Casegate.',
      todo: 'Add a policy that lets the role of the service (and of this command) see every row, or give them BYPASSRLS.',
    });
  }
  return found;
}

function columnSurprises(table: TableFacts): readonly Surprise[] {
  return usableColumns(table)
    .filter(({ isNeeded, use }) => use === 'unusable' || (use === 'missing' && isNeeded))
    .map(({ isNeeded, name, type, what }): Surprise => {
      const column = `${table.name}.${name} (${what})`;
      const todo = isNeeded
        ? 'Look whether it has another name or table here. Without it that is not to be had from the legacy rows.'
        : 'Casegate leaves it alone, as if it were missing. Nothing has to be done where that is right.';
      return type === null
        ? { code: 'column-missing', found: `${column} is missing.`, todo }
        : {
            code: 'column-unusable',
            found: `${column} is of type ${type}, which Casegate cannot use.`,
            todo,
          };
    });
}

function keySurprises(table: TableFacts): readonly Surprise[] {
  const isKey = table.uniqueKeys.some((columns) => columns.length === 1 && columns[0] === 'uuid');
  const uuid = table.columns.find(({ name }) => name === 'uuid');
  if (!uuid || (isKey && !uuid.nullable)) return [];
  return [
    {
      code: 'uuid-not-a-key',
      found: 'rn_requests.uuid is not unique and not null by any key: two requests could be one case.',
      todo: 'Give it a primary key, or a unique index and NOT NULL, before the migration.',
    },
  ];
}

/** What happens to rows that Casegate itself inserts for new cases. */
function insertSurprises(table: TableFacts): readonly Surprise[] {
  const required = table.columns.filter(
    (column) => !column.nullable && !column.hasDefault && !column.generated && !FILLED.includes(column.name),
  );
  const firing = [...table.triggers.filter((name) => !name.endsWith(' (off)')), ...table.rules];
  const found: Surprise[] = [];
  if (required.length > 0) {
    found.push({
      code: 'required-columns',
      found: `rn_requests asks for a value of ${required.map(({ name }) => name).join(', ')}, and new cases of Casegate have none.`,
      todo: 'Give each of these columns a default; without one, no case can be submitted.',
    });
  }
  if (firing.length > 0) {
    found.push({
      code: 'triggers',
      found: `rn_requests has triggers or rules: ${firing.join(', ')}.`,
      todo: 'They also run when Casegate inserts a case or sets user_uuid. See that they let both pass, and change nothing of it.',
    });
  }
  if (table.publications.length > 0) {
    found.push({
      code: 'replicated',
      found: `rn_requests is published by logical replication: ${table.publications.join(', ')}.`,
      todo: 'Add a nullable column user_uuid uuid to the copies first: a subscriber that lacks it stops.',
    });
  }
  return found;
}

const UNREAD: Readonly<Record<Unread['unread'], readonly [what: string, todo: string]>> = {
  'no right': ['may not be read by this role', 'Grant it SELECT, or set DATABASE_OWNER_URL.'],
  locked: ['was locked by somebody for longer than a survey waits', 'See who holds it, and inspect again.'],
  'too slow': [
    'could not be read in time',
    'Inspect again at a quieter time, or with a higher --time-limit.',
  ],
};

function unreadSurprises(facts: LegacyFacts): readonly Surprise[] {
  return Object.entries(rowsByTable(facts)).flatMap(([name, found]): readonly Surprise[] => {
    if (found === null || !('unread' in found)) return [];
    const [what, todo] = UNREAD[found.unread];
    return [{ code: 'unread', found: `${name} ${what}: its rows were not looked at.`, todo }];
  });
}

/** What is surprising about how the legacy service's tables are defined. */
export function tableSurprises(facts: LegacyFacts): readonly Surprise[] {
  const requests = facts.tables.find(({ name }) => name === 'rn_requests');
  const elsewhere = facts.elsewhere.filter(
    (name) => !facts.tables.some((table) => name.endsWith(`.${table.name}`)),
  );
  return [
    ...elsewhere.map((name) => ({
      code: 'another-schema',
      found: `There is a table ${name}, and none of that name in schema public, which is the only one that Casegate looks at.`,
      todo: 'Where that is the legacy service’s table, move it (ALTER TABLE … SET SCHEMA public) and set the search_path of its role; otherwise ignore this.',
    })),
    ...(requests
      ? [
          ...shapeSurprises(requests),
          ...columnSurprises(requests),
          ...keySurprises(requests),
          ...insertSurprises(requests),
        ]
      : []),
    ...unreadSurprises(facts),
  ];
}
