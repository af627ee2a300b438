/** Something that Casegate cannot build upon, or that an operator has to look at first. */
export interface Surprise {
  /** For programs that read the report. */
  readonly code: string;
  /** What was found; nothing personal. */
  readonly found: string;
  readonly todo: string;
}
