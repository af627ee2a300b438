/**
 * The refresh token of a browser that keeps it as a cookie: out of reach for scripts, sent to this host only and never from another
 * site (RFC 6265bis, section 4.1.3.2).
 */
const NAME = '__Host-casegate-refresh';
/**
 * Before each token that is kept as a cookie: what a cookie holds is none where JSON is expected, and the other way round, so that a
 * session stays in the mode in which it began.
 */
const MARK = 'c-';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** @returns the value of `Set-Cookie` that keeps the token for as long as it counts */
export const refreshCookie = (refreshToken: string, maxAgeSeconds: number): string =>
  `${NAME}=${MARK}${refreshToken}; Max-Age=${String(maxAgeSeconds)}; ${ATTRIBUTES}`;

/** The value of `Set-Cookie` that takes the token away. */
export const NO_REFRESH_COOKIE = `${NAME}=; Max-Age=0; ${ATTRIBUTES}`;

/** @returns the token that a `Cookie` header holds, `null` where it holds none */
export function readRefreshCookie(cookie: string | undefined): string | null {
  const prefix = `${NAME}=${MARK}`;
  const pair = cookie?.split(/; */).find((candidate) => candidate.startsWith(prefix));
  const token = pair?.slice(prefix.length) ?? '';
  return token === '' ? null : token;
}
