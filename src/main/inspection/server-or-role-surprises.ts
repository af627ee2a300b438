import type { LegacyFacts, OpenTransaction } from '../../adapters/postgres/legacy-survey/legacy-facts.ts';
import { counted } from './in-words.ts';
import type { Surprise } from './surprise.ts';

/** Seconds after which a transaction that holds rn_requests is in the way of a migration. */
const LONG_HOLD = 10;
/** Seconds after which any transaction is: building an index waits for every older one. */
const LONG = 60;
/** Connections that Casegate should find free. */
const FREE_CONNECTIONS = 20;

const isInTheWay = ({ locks, seconds, waitsFor }: OpenTransaction): boolean =>
  seconds >= LONG ||
  waitsFor.length > 0 ||
  (seconds >= LONG_HOLD && locks.some((lock) => lock.endsWith(' on rn_requests')));

function transactionSurprises({ prepared, transactions }: LegacyFacts): readonly Surprise[] {
  const long = transactions.filter(isInTheWay);
  const found: Surprise[] = [];
  if (long.length > 0) {
    found.push({
      code: 'long-transactions',
      found: `${counted(long.length, 'transaction')} ${long.length === 1 ? 'is' : 'are'} in the way of a migration: ${long.map(({ pid }) => `process ${String(pid)}`).join(', ')}.`,
      todo: 'Wait until they end, or end them (SELECT pg_terminate_backend(…)). Otherwise migrate up waits for a minute and gives up, having lost nothing.',
    });
  }
  if (prepared.length > 0) {
    found.push({
      code: 'prepared-transactions',
      found: `${counted(prepared.length, 'prepared transaction')}, which no restart ends: ${prepared.map(({ name }) => name).join(', ')}.`,
      todo: 'COMMIT PREPARED or ROLLBACK PREPARED each: their locks and their snapshot stay until then.',
    });
  }
  return found;
}

function serverSurprises({ server }: LegacyFacts): readonly Surprise[] {
  const found: Surprise[] = [];
  if (server.encoding !== 'UTF8') {
    found.push({
      code: 'encoding',
      found: `The database is encoded in ${server.encoding}: it cannot hold every text that Casegate writes.`,
      todo: 'Move it to a database made with ENCODING UTF8.',
    });
  }
  if (server.isStandby) {
    found.push({
      code: 'standby',
      found:
        'The server only follows another one: transactions of its clients are not seen from here, and nothing can be migrated.',
      todo: 'Inspect the primary as well, and migrate there.',
    });
  } else if (server.isReadOnly) {
    found.push({
      code: 'read-only',
      found:
        'Transactions of this role are read-only unless they say otherwise (default_transaction_read_only).',
      todo: 'Casegate cannot write with this role: ALTER ROLE … RESET default_transaction_read_only.',
    });
  }
  if (server.maxConnections - server.connections < FREE_CONNECTIONS) {
    found.push({
      code: 'few-connections',
      found: `${String(server.connections)} of ${String(server.maxConnections)} connections are in use.`,
      todo: `Casegate needs some ${String(FREE_CONNECTIONS)} for each process: raise max_connections, or put a pooler in between.`,
    });
  }
  return found;
}

function roleSurprises({ role, server, tables }: LegacyFacts): readonly Surprise[] {
  if (server.isStandby) return [];
  const requests = tables.find(({ name }) => name === 'rn_requests');
  const lacking = [
    ...(requests && !requests.mayAlter ? ['change rn_requests, which belongs to another role'] : []),
    ...(role.mayCreateTables ? [] : ['make tables in schema public']),
    ...(role.mayCreateSchemas ? [] : ['make schemas in the database']),
  ];
  if (lacking.length === 0) return [];
  return [
    {
      code: 'rights',
      found: `Role ${role.name} may not ${lacking.join(', and not ')}.`,
      todo: 'Set DATABASE_OWNER_URL to a role that owns rn_requests (or is a member of its owner) and has CREATE on schema public and on the database.',
    },
  ];
}

/**
 * What is surprising about the server, the role and who else is at work.
 *
 * @param isMigrated whether nothing is left to be migrated, so that rights to do so are not missed
 */
export const serverOrRoleSurprises = (facts: LegacyFacts, isMigrated: boolean): readonly Surprise[] => [
  ...serverSurprises(facts),
  ...(isMigrated ? [] : roleSurprises(facts)),
  ...transactionSurprises(facts),
];
