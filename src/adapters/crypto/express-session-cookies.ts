import { unsign } from 'cookie-signature';
import type { LegacyCookies } from '../../application/ports/legacy/legacy-cookies.ts';
import { isStorable } from '../../domain/shared/text.ts';

/** Of a whole cookie, in UTF-16 code units: what browsers take at most (RFC 6265, section 6.1), percent-encoded. */
const COOKIE_MAX_LENGTH = 3 * 4096;
/** A name of a cookie (RFC 6265, section 4.1.1), if any, and what marks a value as signed. */
const SIGNED = /^(?:[\w!#$%&'*+.^`|~-]+=)?(s(?::|%3a).+)$/is;
const MARK = 's:';

/** The signed cookies of express-session: HMAC-SHA-256 behind the last dot, in base64 without padding. */
export class ExpressSessionCookies implements LegacyCookies {
  readonly #secrets: readonly string[];

  /** @param secrets any of which may have signed a cookie: the legacy service rotates them; with none, no cookie counts */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  sidOf(cookie: string): string | null {
    if (cookie.length > COOKIE_MAX_LENGTH) return null;
    const value = SIGNED.exec(cookie.trim())?.[1];
    if (value === undefined) return null;
    for (const candidate of [value, decoded(value)]) {
      const sid = candidate?.startsWith(MARK) ? this.#unsigned(candidate.slice(MARK.length)) : null;
      if (sid !== null) return sid;
    }
    return null;
  }

  #unsigned(signed: string): string | null {
    for (const secret of this.#secrets) {
      const sid = unsign(signed, secret);
      if (sid !== false && sid !== '' && isStorable(sid)) return sid;
    }
    return null;
  }
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}
