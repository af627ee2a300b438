import type { SignInOutcome } from '../../application/steps/continue-sign-in.ts';
import type { SessionMode, SessionModeHeaders } from './session-mode.ts';
import { signedInReply } from './signed-in-reply.ts';

/** How a sign-in is answered: with a session, in the mode that the request asks for, or with what has to come first. */
export const signInReply = (
  sessionMode: SessionMode,
  headers: SessionModeHeaders,
  outcome: SignInOutcome,
  receipts?: readonly string[],
) =>
  outcome.kind === 'signed-in'
    ? signedInReply(sessionMode, headers, outcome, receipts)
    : ({ status: 200, body: outcome, headers: {} } as const);
