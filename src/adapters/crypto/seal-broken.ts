/**
 * Something sealed does not open: it was changed, moved to another place, or sealed under another key. A fault, never a refusal.
 */
export class SealBroken extends Error {
  /** @param what names the kind of thing, never its content */
  constructor(what: string) {
    super(`The ${what} does not open: it was changed or moved, or sealed under another key.`);
    this.name = 'SealBroken';
  }
}
