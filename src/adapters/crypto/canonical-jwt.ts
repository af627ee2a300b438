/** Header, payload and a signature of 64 octets, in base64url (RFC 7515, section 7.1). */
const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})$/;

/** A token taken apart; nothing of it has been verified. */
export interface UnverifiedJwt {
  readonly header: unknown;
  readonly payload: unknown;
}

/**
 * Takes a compact JWT apart where it is written in the one way in which a signer writes it. Parsers agree on it, and a token has no
 * second spelling: base64url without spare bits, UTF-8, JSON without blanks, escapes that need not be, or names that come twice.
 *
 * @returns `null` for whatever is written otherwise
 */
export function parseCanonicalJwt(token: string): UnverifiedJwt | null {
  const [, header, payload, signature] = COMPACT.exec(token) ?? [];
  if (header === undefined || payload === undefined || signature === undefined) return null;
  if (!decoded(signature)) return null;
  try {
    return { header: jsonOf(header), payload: jsonOf(payload) };
  } catch {
    return null;
  }
}

/** @returns `null` where the text is not what an encoder would have written */
function decoded(base64url: string): Buffer | null {
  const octets = Buffer.from(base64url, 'base64url');
  return octets.toString('base64url') === base64url ? octets : null;
}

/** @throws {SyntaxError} */
function jsonOf(base64url: string): unknown {
  const octets = decoded(base64url);
  if (!octets) throw new SyntaxError('Not canonical base64url.');
  const text = octets.toString('utf8');
  const value: unknown = JSON.parse(text);
  // What is ill-formed or comes twice is lost in reading, so it shows in writing.
  if (!Buffer.from(JSON.stringify(value)).equals(octets)) throw new SyntaxError('Not canonical JSON.');
  return value;
}
