/**
 * The refresh token of a browser that keeps it as a cookie: out of reach for scripts, sent to this host only and never from another
 * site (RFC 6265bis, section 4.1.3.2).
 */
const NAME = '__Host-casegate-refresh';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** @returns the value of `Set-Cookie` that keeps the token for as long as it counts */
export const refreshCookie = (refreshToken: string, maxAgeSeconds: number): string =>
  `${NAME}=${refreshToken}; Max-Age=${String(maxAgeSeconds)}; ${ATTRIBUTES}`;

/** The value of `Set-Cookie` that takes the token away. */
export const NO_REFRESH_COOKIE = `${NAME}=; Max-Age=0; ${ATTRIBUTES}`;

/** @returns the token that a `Cookie` header holds, `null` where it holds none */
export function readRefreshCookie(cookie: string | undefined): string | null {
  const pair = cookie?.split(/; */).find((candidate) => candidate.startsWith(`${NAME}=`));
  const token = pair?.slice(NAME.length + 1) ?? '';
  return token === '' ? null : token;
}
