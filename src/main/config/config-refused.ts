/** One setting that stops the start, and what to do about it. */
export interface ConfigProblem {
  readonly setting: string;
  /** A sentence for the operator, without the setting's value. */
  readonly remedy: string;
}

/** The configuration does not allow a start. Shown to the operator line by line, without a stack. */
export class ConfigRefused extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ setting, remedy }) => `${setting}: ${remedy}`).join('\n'));
    this.name = 'ConfigRefused';
    this.problems = problems;
  }
}
