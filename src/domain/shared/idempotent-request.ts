/** For how long a key stands for its first request, in seconds. */
export const IDEMPOTENCY_SECONDS = 24 * 3600;

/** A request that its sender may repeat without doing it twice (draft-ietf-httpapi-idempotency-key-header). */
export interface IdempotentRequest {
  /** Chosen by the sender, the same for each repetition. */
  readonly key: string;
  /** A text that is the same for the same request and different for any other. May hold secrets: it is hashed, and not kept. */
  readonly fingerprint: string;
  /** Tells apart senders who have no account, such as by their network address. */
  readonly sender?: string | undefined;
}
