import { takeApart, type UnverifiedJwt } from './compact-jwt.ts';

/** Octets of an Ed25519 signature (RFC 8032, section 5.1.6). */
const SIGNATURE_LENGTH = 64;

/**
 * Takes a compact JWT apart where it is written in the one way in which our signer writes it. Parsers agree on it, and a token has no
 * second spelling: base64url without spare bits, UTF-8, JSON without blanks, escapes that need not be, or names that come twice.
 *
 * @returns `null` for whatever is written otherwise
 */
export function parseCanonicalJwt(token: string): UnverifiedJwt | null {
  const parts = takeApart(token, canonicalJson);
  return parts?.signatureLength === SIGNATURE_LENGTH ? parts : null;
}

/** @throws {SyntaxError} */
function canonicalJson(octets: Buffer): unknown {
  const text = octets.toString('utf8');
  const value: unknown = JSON.parse(text);
  // What is ill-formed or comes twice is lost in reading, so it shows in writing.
  if (!Buffer.from(JSON.stringify(value)).equals(octets)) throw new SyntaxError('Not canonical JSON.');
  return value;
}
