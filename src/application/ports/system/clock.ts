/** The time. The only way in which use cases learn of it. */
export interface Clock {
  readonly now: () => Date;
}
