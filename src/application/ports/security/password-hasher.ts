/** What a comparison of a password with a hash found. */
export interface PasswordVerdict {
  readonly matches: boolean;
  /** The hash was made with other parameters or another algorithm than new ones are: hash again while the password is at hand. */
  readonly outdated: boolean;
}

/**
 * Hashes passwords with a memory-hard function (NIST SP 800-63B-4, section 3.1.1.2). Work is bounded: over the bound, both
 * methods throw at once.
 */
export interface PasswordHasher {
  /**
   * @param password in its normal form, at most 1,024 octets
   * @returns a PHC string with its own random salt
   * @throws {Unavailable} when too much waits already
   */
  readonly hash: (password: string) => Promise<string>;
  /**
   * Whether a hash that another service made can be taken over: its format is known, and comparing with it costs no more than a
   * sign-in may. Whatever it says no to matches nothing, or is of the installation's own making.
   */
  readonly accepts: (hash: string) => boolean;
  /**
   * Compares in the same time whether the password matches or not.
   *
   * @param hash what was made here or is accepted, `null` where there is no account or no password: the same work is done and nothing
   *   matches, as with a text that is no hash
   * @throws {Unavailable} when too much waits already
   */
  readonly verify: (password: string, hash: string | null) => Promise<PasswordVerdict>;
}
