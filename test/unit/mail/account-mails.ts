import type { AccountMail } from '../../../src/domain/identity/account-mail.ts';

/** 43 characters, as tokens have. */
export const TOKEN = 'dGhpcyB0b2tlbiBpcyBmb3IgdGVzdHMgb25seSwgbzE';

/** One mail of each kind; a kind that is missing here does not compile. */
export const ACCOUNT_MAILS = {
  'verify-email': { kind: 'verify-email', token: TOKEN },
  'already-registered': { kind: 'already-registered' },
  'confirm-email-change': { kind: 'confirm-email-change', token: TOKEN },
  'email-change-requested': { kind: 'email-change-requested' },
  'email-changed': { kind: 'email-changed' },
  'reset-password': { kind: 'reset-password', token: TOKEN },
  'password-changed': { kind: 'password-changed' },
  invitation: { kind: 'invitation', token: TOKEN },
  'account-locked': { kind: 'account-locked', token: TOKEN },
  'second-factor-added': { kind: 'second-factor-added', factor: 'totp' },
  'second-factor-removed': { kind: 'second-factor-removed', factor: 'passkey' },
  'recovery-code-used': { kind: 'recovery-code-used', remaining: 7 },
  'mfa-reset-requested': { kind: 'mfa-reset-requested', token: TOKEN, dueAt: '2026-11-24T21:05:00.000Z' },
  'mfa-reset-cancelled': { kind: 'mfa-reset-cancelled' },
  'mfa-reset-completed': { kind: 'mfa-reset-completed' },
} as const satisfies {
  readonly [Kind in AccountMail['kind']]: Extract<AccountMail, { readonly kind: Kind }>;
};

/** Where the link of each kind leads, below the public URL; a kind with a token that is missing here does not compile. */
export const LINK_PATHS = {
  'verify-email': '/verify-email',
  'confirm-email-change': '/verify-email',
  'reset-password': '/reset-password',
  invitation: '/accept-invitation',
  'account-locked': '/unlock',
  'mfa-reset-requested': '/cancel-mfa-reset',
} as const satisfies Record<Extract<AccountMail, { readonly token: string }>['kind'], string>;
