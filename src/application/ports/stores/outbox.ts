import type { TenantId } from '../../../domain/shared/ids.ts';
import type { SealedText } from '../security/text-cipher.ts';

/** What an entry of the outbox asks for. */
export type OutboxTopic = 'mail' | 'mfa-reset';

/** Something to be done after the unit of work was kept, and only then. */
export interface OutboxEntry {
  /** UUID. */
  readonly id: string;
  readonly tenantId: TenantId;
  readonly topic: OutboxTopic;
  /** What the topic needs; secrets may be in it. */
  readonly payload: SealedText;
  /** Keyed hash of what it is for, and of whom, 32 octets; entries are counted by it. */
  readonly recipient: Uint8Array;
  readonly createdAt: Date;
  /** It is not taken up before. */
  readonly dueAt: Date;
}

/** How an entry ended: done, refused for good by whoever receives it, or given up after many attempts. */
export type OutboxOutcome = 'done' | 'refused' | 'given-up';

/** The outbox of one tenant: what units of work leave to be done, at least once, by a worker. */
export interface Outbox {
  /** Adds an entry, and the job that takes it up when it is due; workers are woken when the unit of work is kept. */
  readonly add: (entry: OutboxEntry) => Promise<void>;
  /**
   * The same, unless `max` entries or more were added for its recipient at `since` or later, ended or not. Entries for one recipient
   * take turns until their units of work end: of many at once no more than `max` are kept. Within a unit of work, call it before
   * anything that locks.
   *
   * @returns `false` where nothing was added
   */
  readonly addWithin: (entry: OutboxEntry, max: number, since: Date) => Promise<boolean>;
  /** @returns `null` where there is none, or it has ended */
  readonly find: (id: string) => Promise<OutboxEntry | null>;
  /**
   * Ends an entry and erases its payload; one statement.
   *
   * @returns `false` where it had ended already
   */
  readonly settle: (id: string, outcome: OutboxOutcome, now: Date) => Promise<boolean>;
}

/** What a worker is told of an entry of the outbox: no more than where to find it. */
export interface OutboxJob {
  readonly topic: OutboxTopic;
  readonly tenantId: TenantId;
  /** UUID of the entry. */
  readonly outboxId: string;
  /** It is not taken up before, give or take a second. */
  readonly dueAt: Date;
}
