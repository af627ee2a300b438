/** Header, payload and signature in base64url (RFC 7515, section 7.1). */
const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/** A token taken apart; nothing of it has been verified. */
export interface UnverifiedJwt {
  readonly header: unknown;
  readonly payload: unknown;
}

interface CompactJwt extends UnverifiedJwt {
  /** Octets of the signature. */
  readonly signatureLength: number;
}

/**
 * Takes a compact JWT apart whose parts are written in the one way in which base64url is written: without spare bits and padding.
 *
 * @param jsonOf reads the JSON of a part, and throws where there is none
 * @returns `null` for whatever is written otherwise
 */
export function takeApart(token: string, jsonOf: (octets: Buffer) => unknown): CompactJwt | null {
  const [, ...parts] = COMPACT.exec(token) ?? [];
  const [header, payload, signature] = parts.map(decoded);
  if (!header || !payload || !signature) return null;
  try {
    return { header: jsonOf(header), payload: jsonOf(payload), signatureLength: signature.length };
  } catch {
    return null;
  }
}

/** @returns `null` where the text is not what an encoder would have written */
function decoded(base64url: string): Buffer | null {
  const octets = Buffer.from(base64url, 'base64url');
  return octets.toString('base64url') === base64url ? octets : null;
}
