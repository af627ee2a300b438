/** The embedded PostgreSQL could not be started or stopped; the message says why and what to do about it. */
export class EmbeddedPostgresFailed extends Error {
  override readonly name = 'EmbeddedPostgresFailed';
}
