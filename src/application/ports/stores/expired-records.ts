/** What is removed once its time is over, and when that is. */
export type ExpiredKind =
  /** Sessions, with their refresh tokens: when they ended, or else when their whole life was over, used or not. */
  | 'sessions'
  /** Mailed tokens that nobody spent: when they expired. */
  | 'oneTimeTokens'
  /** Sign-ins that waited for a second factor, completed or not: when they expired. */
  | 'signInChallenges'
  /** What browsers were asked to sign: when it expired. */
  | 'passkeyChallenges'
  /** Failures in a row: when the last of them was counted. */
  | 'failureCounters'
  /** Entries of the outbox that have ended: when they did, and were added before that. Others stay however old they are. */
  | 'outboxEntries'
  /** What the keys of repeated requests stand for: when it expired. */
  | 'idempotencyKeys'
  /** Receipts of anonymous cases, spent or not: when they expired. The cases stay. */
  | 'caseReceipts'
  /** Tickets for legacy sessions that nobody used: when they expired. */
  | 'legacyTickets';

/** Records of all tenants that are of no use any more. */
export interface ExpiredRecords {
  /**
   * Removes records of one kind whose time was over before `before`, `limit` of them at most, and none that somebody holds at the moment:
   * nobody waits, neither for nor because of it. What was removed stays removed, whatever comes after.
   *
   * @returns how many it removed; fewer than `limit` where no more were left that nobody held
   */
  readonly remove: (kind: ExpiredKind, before: Date, limit: number) => Promise<number>;
}
