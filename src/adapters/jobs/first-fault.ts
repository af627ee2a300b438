import { faultOf } from './fault-of.ts';

/** Tells of the first failure of several in a row, of what is tried again all the time. */
export class FirstFault {
  readonly #tell: (fault: string) => void;
  #failing = false;

  constructor(tell: (fault: string) => void) {
    this.#tell = tell;
  }

  /** What the attempt gave, or `otherwise` where it failed; never rejects. */
  async orElse<T>(attempt: Promise<T>, otherwise: T): Promise<T> {
    try {
      const result = await attempt;
      this.#failing = false;
      return result;
    } catch (error) {
      if (!this.#failing) this.#tell(faultOf(error));
      this.#failing = true;
      return otherwise;
    }
  }
}
