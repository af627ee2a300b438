import { kindOfFault } from '../../domain/shared/kind-of-fault.ts';

/** What is told of keys that are out of reach, and how soon they are asked for again. */
export interface KeyOutageOptions {
  /** Milliseconds after a failure during which that failure is the answer. */
  readonly pauseMs: number;
  /** Told of the first failure of several in a row, by its code or kind. */
  readonly onFault: (fault: string) => void;
}

/** Keeps one outage of a vendor's keys from being many attempts, and from going unnoticed. */
export class KeyOutage {
  readonly #options: KeyOutageOptions;
  /** The last attempt, where it failed; `until` by `performance.now`. */
  #failed: { readonly error: unknown; readonly until: number } | null = null;

  constructor(options: KeyOutageOptions) {
    this.#options = options;
  }

  /**
   * What the attempt gives.
   *
   * @throws whatever it throws; during the pause after a failure the same error again, without another attempt
   */
  async guard<T>(attempt: () => Promise<T>): Promise<T> {
    if (this.#failed && performance.now() < this.#failed.until) throw this.#failed.error;
    try {
      const result = await attempt();
      this.#failed = null;
      return result;
    } catch (error) {
      if (!this.#failed) this.#options.onFault(faultOf(error));
      this.#failed = { error, until: performance.now() + this.#options.pauseMs };
      throw error;
    }
  }
}

/** The code of what lies deepest: `fetch` says only that it failed, and why in its cause. */
function faultOf(error: unknown): string {
  const { cause } = error instanceof TypeError ? error : {};
  return kindOfFault(cause instanceof Error ? cause : error);
}
