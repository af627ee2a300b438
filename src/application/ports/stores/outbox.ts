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
  /** Keyed hash of what it brings, and whom it reaches, 32 octets; entries are counted by it. */
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
  /** @returns `null` where there is none, or it has ended */
  readonly find: (id: string) => Promise<OutboxEntry | null>;
  /**
   * Ends an entry and erases its payload; one statement.
   *
   * @returns `false` where it had ended already
   */
  readonly settle: (id: string, outcome: OutboxOutcome, now: Date) => Promise<boolean>;
  /** How many entries were added for the recipient since then. */
  readonly countSince: (recipient: Uint8Array, since: Date) => Promise<number>;
}
