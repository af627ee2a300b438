import { z } from 'zod';
import { RefreshInvalid } from '../../domain/access/errors.ts';
import type { IssuedTokens } from '../../application/steps/open-session.ts';
import { NO_REFRESH_COOKIE, readRefreshCookie, refreshCookie } from './refresh-cookie.ts';
import { RequestRefused } from './request-refused.ts';
import { type TokensBody, tokensBody } from './schemas/tokens-body.ts';

/** The headers by which a browser says how it keeps its refresh token. */
export const SessionModeHeaders = z.object({
  'x-session-mode': z.enum(['cookie', 'json']).optional().meta({
    description:
      '`cookie`: the refresh token is a cookie instead of a field of the JSON. Sent with each request that may open a session',
  }),
  cookie: z.string().optional(),
  origin: z.string().optional(),
});

/** What of them was sent. */
export type SessionModeHeaders = z.output<typeof SessionModeHeaders>;

/** How tokens are handed out: a body, and the headers that go with it. */
export interface TokensReply {
  readonly body: z.input<typeof TokensBody>;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Hands out refresh tokens in the JSON, or as a cookie to a browser that asks for it; and takes both back. The modes do not mix: what
 * came as a cookie never goes out in JSON, nor the other way round.
 */
export class SessionMode {
  readonly #origins: ReadonlySet<string>;

  /** @param origins whose pages may use the cookie: the service's own, and those that may call the API */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /**
   * Refuses to begin a session by cookie for a page that may not have one; without a word where there is no page behind it.
   *
   * @throws {RequestRefused} `request.origin-refused`
   */
  checkOrigin(headers: SessionModeHeaders): void {
    if (headers['x-session-mode'] !== 'cookie' || headers.origin === undefined) return;
    if (!this.#origins.has(headers.origin)) throw new RequestRefused('request.origin-refused');
  }

  /** How these tokens go out to whoever sent `headers`. In the JSON, they take the place of a cookie that was kept so far. */
  replyTo(headers: SessionModeHeaders, tokens: IssuedTokens): TokensReply {
    const body = tokensBody(tokens);
    if (headers['x-session-mode'] !== 'cookie') return { body, headers: this.ending(headers) };
    return {
      body: { ...body, refreshToken: undefined },
      headers: { 'Set-Cookie': refreshCookie(tokens.refreshToken, tokens.refreshExpiresIn) },
    };
  }

  /**
   * The refresh token of a request: of its JSON, or else of its cookie, which browsers send by themselves and which therefore counts
   * only from a page of a known origin (RFC 6454).
   *
   * @returns the token, and the headers of the mode in which the answer goes out: the one that the token came in
   * @throws {RequestRefused} `request.origin-refused`; `request.invalid` where there is neither, or it is not clear which is meant
   * @throws {RefreshInvalid} where a browser that keeps it as a cookie has none (any more)
   */
  presented(
    headers: SessionModeHeaders,
    inBody: string | undefined,
  ): { token: string; headers: SessionModeHeaders } {
    const mode = headers['x-session-mode'];
    const inCookie = readRefreshCookie(headers.cookie);
    if (inBody !== undefined) {
      const isMixed = mode === 'cookie' || (mode === undefined && inCookie !== null);
      if (isMixed) throw refused('Must not be sent by a browser that keeps it as a cookie.');
      return { token: inBody, headers: { 'x-session-mode': 'json' } };
    }
    if (inCookie === null && mode === 'cookie') throw new RefreshInvalid();
    if (inCookie === null || mode === 'json') throw refused('Is required.');
    if (headers.origin === undefined || !this.#origins.has(headers.origin)) {
      throw new RequestRefused('request.origin-refused');
    }
    return { token: inCookie, headers: { 'x-session-mode': 'cookie' } };
  }

  /** The headers with which a session ends: a cookie of it is taken away. */
  ending(headers: SessionModeHeaders): Readonly<Record<string, string>> {
    return readRefreshCookie(headers.cookie) === null ? {} : { 'Set-Cookie': NO_REFRESH_COOKIE };
  }
}

const refused = (detail: string): RequestRefused =>
  new RequestRefused('request.invalid', { errors: [{ pointer: '/refreshToken', detail }] });
