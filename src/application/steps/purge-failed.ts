import type { ExpiredKind } from '../ports/stores/expired-records.ts';
import { kindOfFault } from './kind-of-fault.ts';

/** Expired records of one kind were not removed, or not all of them. Its code says which, and by what kind of fault. */
export class PurgeFailed extends Error {
  readonly code: string;

  constructor(kind: ExpiredKind, cause: unknown) {
    super(`Expired ${kind} were not removed.`, { cause });
    this.name = 'PurgeFailed';
    this.code = `${kind}: ${kindOfFault(cause)}`;
  }
}
