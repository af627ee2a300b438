import type { Application } from '../../src/application/application.ts';
import type { Clock } from '../../src/application/ports/system/clock.ts';
import type { MemoryDatabase } from '../../src/adapters/memory/memory-database.ts';
import type { OutboxRow } from '../../src/adapters/memory/memory-tables.ts';

/** An installation in memory: nothing takes up what is in its outbox but this. */
export interface OutboxInMemory {
  readonly app: Application;
  readonly database: MemoryDatabase;
  readonly clock: Clock;
}

/**
 * Does what the outbox asks for and is due, as a worker would, until nothing is left; one attempt each.
 *
 * @throws {Unavailable} where an attempt fails
 */
export async function deliverOutbox({ app, database, clock }: OutboxInMemory): Promise<void> {
  const due = async (): Promise<readonly OutboxRow[]> =>
    database.read((tables) =>
      [...tables.outboxEntries.values()].filter(
        ({ outcome, dueAt }) => outcome === null && dueAt <= clock.now(),
      ),
    );
  // What is done may leave something to be done, such as a notice.
  for (let entries = await due(); entries.length > 0; entries = await due()) {
    for (const entry of entries) await take(app, entry);
  }
}

async function take(app: Application, { id: outboxId, tenantId, topic }: OutboxRow): Promise<void> {
  if (topic === 'mail') await app.identity.deliverMail.execute({ tenantId, outboxId, lastAttempt: false });
  else await app.access.completeMfaResets.execute({ tenantId, outboxId });
}
