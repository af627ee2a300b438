/** What a page behind a mailed link does when its button is pressed. */
export interface AccountPage {
  /** Where its script sends the token, relative to the page: a proxy may serve both under a prefix. */
  readonly post: string;
  /** Whether it asks for a new password, which is sent with the token. */
  readonly asksPassword: boolean;
  /** For the documents. */
  readonly summary: string;
}

/** The pages behind mailed links, by their path. Opening one changes nothing: who scans mail opens links. */
export const ACCOUNT_PAGES = {
  'verify-email': {
    post: 'auth/email/verify',
    asksPassword: false,
    summary: 'Page of a mailed link: confirm an e-mail address',
  },
  'reset-password': {
    post: 'auth/password/reset',
    asksPassword: true,
    summary: 'Page of a mailed link: choose a new password',
  },
  'accept-invitation': {
    post: 'auth/password/reset',
    asksPassword: true,
    summary: 'Page of a mailed link: choose the first password of an account',
  },
  unlock: {
    post: 'auth/unlock',
    asksPassword: false,
    summary: 'Page of a mailed link: end the lock of an account',
  },
  'cancel-mfa-reset': {
    post: 'auth/mfa-reset/cancel',
    asksPassword: false,
    summary: 'Page of a mailed link: stop the reset of second factors',
  },
} as const satisfies Record<string, AccountPage>;

/** The name of a page behind a mailed link, which is its path. */
export type AccountPageName = keyof typeof ACCOUNT_PAGES;
