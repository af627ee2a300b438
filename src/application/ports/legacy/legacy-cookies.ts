/** The cookies by which browsers name their session to the legacy service, signed with its secrets. */
export interface LegacyCookies {
  /**
   * @param cookie `s:<sid>.<signature>` as express-session writes it, percent-encoded or not, with the cookie's name in front or not
   * @returns the session's id; `null` for whatever was not signed with one of the secrets. Takes the same time however much of a
   *   signature is right
   */
  readonly sidOf: (cookie: string) => string | null;
}
