/** Makes ids: UUIDv7 (RFC 9562, section 5.7), so that they sort by the time they were made. */
export interface IdGenerator {
  readonly next: () => string;
}
