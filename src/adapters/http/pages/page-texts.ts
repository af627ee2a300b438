import type { AccountPageName } from './account-pages.ts';
import type { PageLanguage } from './page-language.ts';

/** What one page says. */
export interface AccountPageTexts {
  readonly title: string;
  /** What the button is going to do. */
  readonly intro: string;
  readonly button: string;
  readonly done: string;
  /** The link was used, has expired, or was superseded: what to do next. */
  readonly linkInvalid: string;
}

/** Everything that the pages say in one language: plain text, which the page escapes. */
export interface PageTexts {
  readonly language: PageLanguage;
  readonly direction: 'ltr' | 'rtl';
  /** Of the language, in the language. */
  readonly name: string;
  /** The label of the links to the other languages. */
  readonly languages: string;
  readonly noScript: string;
  /** The page was opened without a token, or brought up again after it was done. */
  readonly linkIncomplete: string;
  readonly underWay: string;
  readonly newPassword: string;
  readonly showPassword: string;
  readonly passwordRejected: string;
  /** `{when}` is replaced by something like “in 5 seconds”; in Arabic, “within 5 seconds”. */
  readonly tooMany: string;
  /** Likewise with `{when}`. */
  readonly busy: string;
  /** The new address of an account went to another account before it was confirmed. */
  readonly taken: string;
  /** The service did not answer. */
  readonly unreachable: string;
  readonly failed: string;
  readonly pages: Readonly<Record<AccountPageName, AccountPageTexts>>;
}
