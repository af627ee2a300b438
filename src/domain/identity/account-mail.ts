/** What the owner of an address is told, or asked to confirm. `token` is a one-time token for the link in it; a secret. */
export type AccountMail =
  /** Somebody registered with this address: press the button if it was you. */
  | { readonly kind: 'verify-email'; readonly token: string }
  /** Somebody tried to register with, or to move to, an address that has an account already. */
  | { readonly kind: 'already-registered' }
  /** To the new address of an account. */
  | { readonly kind: 'confirm-email-change'; readonly token: string }
  /** To the address that is to be replaced. */
  | { readonly kind: 'email-change-requested' }
  /** To the address that was replaced. */
  | { readonly kind: 'email-changed' }
  | { readonly kind: 'reset-password'; readonly token: string }
  | { readonly kind: 'password-changed' }
  | { readonly kind: 'invitation'; readonly token: string }
  /** Too many failures in a row; the link ends the lock. */
  | { readonly kind: 'account-locked'; readonly token: string }
  | { readonly kind: 'second-factor-added'; readonly factor: SecondFactorKind }
  | { readonly kind: 'second-factor-removed'; readonly factor: SecondFactorKind }
  | { readonly kind: 'recovery-code-used'; readonly remaining: number }
  /** An admin will take the second factors away at `dueAt` (ISO 8601), unless the link stops it. */
  | { readonly kind: 'mfa-reset-requested'; readonly token: string; readonly dueAt: string }
  | { readonly kind: 'mfa-reset-cancelled' }
  | { readonly kind: 'mfa-reset-completed' };

/** Second factors that people enrol. */
export type SecondFactorKind = 'totp' | 'passkey';
