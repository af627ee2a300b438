/** Whom a vendor's statement is for: what stands in its `aud` (RFC 7519, section 4.1.3). */
export const STATEMENT_AUDIENCE = 'casegate';

/** Seconds that a statement may be made for. */
export const STATEMENT_MAX_LIFE_SECONDS = 300;

/** Characters of the longest statement that is looked at. */
export const STATEMENT_MAX_LENGTH = 8192;
