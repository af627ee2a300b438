import type { Outbox, OutboxEntry, OutboxOutcome } from '../../../application/ports/stores/outbox.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { type MemoryTables, octetKey, type OutboxRow } from '../memory-tables.ts';
import { assertOwnKey, ownedBy } from '../own-tenant.ts';

/** The outbox of one tenant, in memory. There are no jobs: whoever wants an entry to be done takes it from the table. */
export class MemoryOutbox implements Outbox {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async add(entry: OutboxEntry): Promise<void> {
    assertOwnTenant(this.#tenantId, entry);
    await this.#access.write((tables) => this.#put(tables, entry));
  }

  async addWithin(entry: OutboxEntry, max: number, since: Date): Promise<boolean> {
    assertOwnTenant(this.#tenantId, entry);
    return this.#access.write((tables) => {
      if (this.#countSince(tables, entry.recipient, since) >= max) return false;
      this.#put(tables, entry);
      return true;
    });
  }

  async find(id: string): Promise<OutboxEntry | null> {
    return this.#access.read((tables) => entryOf(ownedBy(this.#tenantId, tables.outboxEntries.get(id))));
  }

  async settle(id: string, outcome: OutboxOutcome, now: Date): Promise<boolean> {
    return this.#access.write((tables) => {
      const row = ownedBy(this.#tenantId, tables.outboxEntries.get(id));
      if (row?.outcome !== null) return false;
      tables.outboxEntries.set(id, { ...row, payload: null, outcome, settledAt: now });
      return true;
    });
  }

  #put(tables: MemoryTables, entry: OutboxEntry): void {
    assertOwnKey(tables, this.#tenantId, entry.payload.keyId);
    tables.outboxEntries.add(entry.id, { ...entry, outcome: null, settledAt: null });
  }

  #countSince(tables: MemoryTables, recipient: Uint8Array, since: Date): number {
    const wanted = octetKey(recipient);
    return [...tables.outboxEntries.values()].filter(
      (row) =>
        row.tenantId === this.#tenantId && row.createdAt >= since && octetKey(row.recipient) === wanted,
    ).length;
  }
}

function entryOf(row: OutboxRow | null): OutboxEntry | null {
  if (!row?.payload) return null;
  const { payload, outcome: _, settledAt: __, ...entry } = row;
  return { ...entry, payload };
}
