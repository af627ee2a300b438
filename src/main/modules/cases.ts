import { ContainerModule } from 'inversify';
import { AdoptCases } from '../../application/cases/adopt-cases.ts';
import { AdoptLegacyCase } from '../../application/cases/adopt-legacy-case.ts';
import { AmendAnswer } from '../../application/cases/amend-answer.ts';
import { AnswerCase } from '../../application/cases/answer-case.ts';
import { AskInfo } from '../../application/cases/ask-info.ts';
import { AssignCase } from '../../application/cases/assign-case.ts';
import { BreakGlass } from '../../application/cases/break-glass.ts';
import { CancelCase } from '../../application/cases/cancel-case.ts';
import { ClaimCase } from '../../application/cases/claim-case.ts';
import { CloseCase } from '../../application/cases/close-case.ts';
import { DeclineCase } from '../../application/cases/decline-case.ts';
import { FollowUpCase } from '../../application/cases/follow-up-case.ts';
import { GetCase } from '../../application/cases/get-case.ts';
import { ListCaseEvents } from '../../application/cases/list-case-events.ts';
import { ListCases } from '../../application/cases/list-cases.ts';
import { ListGrants } from '../../application/cases/list-grants.ts';
import { ListQueue } from '../../application/cases/list-queue.ts';
import { ReadReceipt } from '../../application/cases/read-receipt.ts';
import { ReassignCase } from '../../application/cases/reassign-case.ts';
import { ReleaseCase } from '../../application/cases/release-case.ts';
import { ReplyToInfo } from '../../application/cases/reply-to-info.ts';
import { ReviewGrant } from '../../application/cases/review-grant.ts';
import { RunCaseTimers } from '../../application/cases/run-case-timers.ts';
import { StartCase } from '../../application/cases/start-case.ts';
import { SubmitCase } from '../../application/cases/submit-case.ts';
import { VoidCase } from '../../application/cases/void-case.ts';
import { provide } from '../token.ts';
import { Tokens } from '../tokens.ts';

const READING = {
  clock: Tokens.clock,
  idGenerator: Tokens.idGenerator,
  textCipher: Tokens.textCipher,
  unitOfWork: Tokens.unitOfWork,
};
const NOTICING = { ...READING, keyedHash: Tokens.keyedHash };

/** Binds the use cases of feature `cases`. */
export const casesModule = new ContainerModule((options) => {
  provide(options, SubmitCase, {
    ...NOTICING,
    settings: Tokens.settings,
    vendorDirectory: Tokens.vendorDirectory,
  });
  provide(options, GetCase, READING);
  provide(options, ListCases, { unitOfWork: Tokens.unitOfWork });
  provide(options, ListQueue, { clock: Tokens.clock, unitOfWork: Tokens.unitOfWork });
  provide(options, ListCaseEvents, { unitOfWork: Tokens.unitOfWork });
  provide(options, ClaimCase, READING);
  provide(options, StartCase, READING);
  provide(options, ReleaseCase, READING);
  provide(options, ReplyToInfo, READING);
  provide(options, FollowUpCase, READING);
  provide(options, CancelCase, READING);
  provide(options, CloseCase, READING);
  provide(options, VoidCase, READING);
  provide(options, AssignCase, NOTICING);
  provide(options, ReassignCase, NOTICING);
  provide(options, AskInfo, NOTICING);
  provide(options, AnswerCase, NOTICING);
  provide(options, AmendAnswer, NOTICING);
  provide(options, DeclineCase, NOTICING);
  provide(options, ReadReceipt, NOTICING);
  provide(options, AdoptCases, NOTICING);
  provide(options, AdoptLegacyCase, { ...READING, vendorDirectory: Tokens.vendorDirectory });
  provide(options, BreakGlass, NOTICING);
  provide(options, ListGrants, READING);
  provide(options, ReviewGrant, READING);
  provide(options, RunCaseTimers, { ...NOTICING, caseTimers: Tokens.caseTimers });
});
