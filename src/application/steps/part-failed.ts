import { kindOfFault } from '../../domain/shared/kind-of-fault.ts';

/** A part of a work failed, while the others went on. Its code says which, and by what kind of fault: that can be told, where a message cannot. */
export class PartFailed extends Error {
  readonly code: string;

  /** @param part named without anything personal */
  constructor(part: string, cause: unknown) {
    super(`${part} failed.`, { cause });
    this.name = 'PartFailed';
    this.code = `${part}: ${kindOfFault(cause)}`;
  }
}
