import type { CaseId } from '../../domain/shared/ids.ts';
import { kindOfFault } from './kind-of-fault.ts';

/** The timer of one case failed. Its code says which case, and by what kind of fault: that can be told, where a message cannot. */
export class CaseTimerFailed extends Error {
  readonly code: string;

  constructor(caseId: CaseId, cause: unknown) {
    super(`The timer of case ${caseId} failed.`, { cause });
    this.name = 'CaseTimerFailed';
    this.code = `case ${caseId}: ${kindOfFault(cause)}`;
  }
}
