import type { ProblemField } from './problems/problem-body.ts';
import type { RequestCode } from './problems/problem-catalogue.ts';

/** What a refusal says besides its code. */
interface RefusalDetails {
  readonly detail?: string;
  readonly errors?: readonly ProblemField[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that HTTP makes by itself: nothing of the request has reached a use case, or the use case found nothing. */
export class RequestRefused extends Error {
  readonly code: RequestCode;
  readonly details: RefusalDetails;

  constructor(code: RequestCode, details: RefusalDetails = {}) {
    super(code);
    this.name = 'RequestRefused';
    this.code = code;
    this.details = details;
  }
}
