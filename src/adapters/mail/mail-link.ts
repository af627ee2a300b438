import type { MailContent } from '../../application/ports/gateways/mail-content.ts';
import { TOKEN_LIFETIMES, type TokenPurpose } from '../../domain/access/one-time-token.ts';
import type { LinkedKind } from './mail-texts.ts';

const LINKS = {
  'verify-email': { path: '/verify-email', purpose: 'email-verification' },
  'confirm-email-change': { path: '/verify-email', purpose: 'email-change' },
  'reset-password': { path: '/reset-password', purpose: 'password-reset' },
  invitation: { path: '/accept-invitation', purpose: 'invitation' },
  'account-locked': { path: '/unlock', purpose: 'unlock' },
  // What it stops happens before the token expires, and the mail says when.
  'mfa-reset-requested': { path: '/cancel-mfa-reset', purpose: null },
} as const satisfies Record<LinkedKind, { path: `/${string}`; purpose: TokenPurpose | null }>;

/** Where a mail leads to. */
export interface MailLink {
  readonly url: string;
  /** Seconds, from when it was asked for; `null` where the mail itself says until when. */
  readonly lifetime: number | null;
}

/**
 * The link of a mail. The token is in the fragment, which no browser sends to a server (RFC 9110, section 7.1): it gets into no log
 * of a proxy, and whoever only opens the page spends nothing.
 *
 * @param publicUrl without a slash at its end
 * @returns `null` for a mail without one
 */
export function mailLink(content: MailContent, publicUrl: string): MailLink | null {
  if (!('token' in content)) return null;
  const { path, purpose } = LINKS[content.kind];
  return {
    url: `${publicUrl}${path}#token=${encodeURIComponent(content.token)}`,
    lifetime: purpose === null ? null : TOKEN_LIFETIMES[purpose],
  };
}
