import type { AuditSealStore } from '../../../src/application/ports/stores/audit-seal-store.ts';
import type { ChainFinding } from '../../../src/domain/audit/chain-finding.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { at, newEntry, newId } from '../../contracts/stores/fixtures.ts';
import { type AuditSealing, auditSealing } from '../../support/audit-chain-world.ts';
import { postgresStoreWorld } from '../../support/postgres-store-world.ts';

/** Batches of three, two and one entry. */
const BATCHES = [3, 2, 1];
/** The tables as they are before anybody tampers with them. */
const TABLES = ['audit_entries', 'audit_links', 'audit_seals', 'audit_head'];

/** A trail of six entries under three seals, in PostgreSQL, for whoever tampers with it with all rights of a superuser. */
export interface SealedTrail extends Pick<AuditSealing, 'restart' | 'seal' | 'verify'> {
  readonly auditSeals: AuditSealStore;
  /** The ids of all entries, by their positions where they are sealed, the first at 1. */
  readonly ids: readonly string[];
  /** The id at that position, as a literal. */
  readonly entry: (position: number) => string;
  readonly add: () => Promise<string>;
  /** Runs SQL as nothing were append-only. */
  readonly tamper: (...statements: readonly string[]) => Promise<void>;
  /** Runs `work` while no key keeps a row of the table from being there twice; the trail is untouched afterwards. */
  readonly unkeyed: (table: string, work: () => Promise<void>) => Promise<void>;
  readonly found: () => Promise<readonly ChainFinding[]>;
  /** Copies the tables to a schema of that name. */
  readonly keep: (copy: string) => Promise<void>;
  /** Brings such a copy back. */
  readonly bringBack: (copy: string) => Promise<void>;
  /** Brings back the six entries and their seals, and starts the service anew. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Makes a trail, and keeps a copy of it. */
export async function sealedTrail(): Promise<SealedTrail> {
  const world = await postgresStoreWorld();
  const { restart, seal, verify } = auditSealing(world.auditSeals);
  const ids = ['none'];

  async function add(): Promise<string> {
    const entry = newEntry(DEFAULT_TENANT_ID, {
      actor: { kind: 'user', id: newId() },
      subject: { type: 'user', id: newId() },
      details: { role: 'admin' },
      at: at(ids.length),
    });
    await world.unitOfWork.stores(DEFAULT_TENANT_ID).audit.add(entry);
    ids.push(entry.id);
    return entry.id;
  }

  async function tamper(...statements: readonly string[]): Promise<void> {
    const triggers = (what: string) => TABLES.map((table) => `ALTER TABLE ${table} ${what} TRIGGER ALL`);
    await world.sql([...triggers('DISABLE'), ...statements, ...triggers('ENABLE')].join('; '));
  }

  async function keep(copy: string): Promise<void> {
    await world.sql(`CREATE SCHEMA ${copy}`);
    for (const table of TABLES) await world.sql(`CREATE TABLE ${copy}.${table} AS SELECT * FROM ${table}`);
  }

  const bringBack = (copy: string): Promise<void> =>
    tamper(
      ...TABLES.map((table) => `TRUNCATE ${table}; INSERT INTO ${table} SELECT * FROM ${copy}.${table}`),
    );

  async function unkeyed(table: string, work: () => Promise<void>): Promise<void> {
    const keys = (await world.sql(
      `SELECT conname AS name, pg_get_constraintdef(oid) AS key FROM pg_constraint
        WHERE conrelid = '${table}'::regclass AND contype IN ('p', 'u')`,
    )) as readonly { readonly name: string; readonly key: string }[];
    for (const { name } of keys) await world.sql(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
    try {
      await work();
    } finally {
      await bringBack('untouched');
      for (const { key, name } of keys) {
        await world.sql(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${key}`);
      }
    }
  }

  for (const count of BATCHES) {
    for (let index = 0; index < count; index += 1) await add();
    await seal();
  }
  await keep('untouched');
  return {
    auditSeals: world.auditSeals,
    ids,
    entry: (position) => `'${ids[position]!}'`,
    add,
    restart,
    seal,
    verify,
    tamper,
    unkeyed,
    found: async () => (await verify()).findings,
    keep,
    bringBack,
    reset: async () => {
      await bringBack('untouched');
      restart();
      ids.length = 7;
    },
    close: () => world.close(),
  };
}
