/** The passwords that everybody tries first. */
export interface PasswordBlockList {
  /** @param password in its normal form, lower case */
  readonly includes: (password: string) => boolean;
}
