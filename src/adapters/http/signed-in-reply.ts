import type { SignedIn } from '../../application/steps/continue-sign-in.ts';
import { userBody } from './schemas/user-body.ts';
import type { SessionMode, SessionModeHeaders } from './session-mode.ts';

/** How a session that was opened is answered, in the mode that the request asks for. */
export function signedInReply(
  sessionMode: SessionMode,
  headers: SessionModeHeaders,
  { kind, user, tokens }: SignedIn,
) {
  const reply = sessionMode.replyTo(headers, tokens);
  const body = { kind, user: userBody(user), ...reply.body };
  return { status: 200, body, headers: reply.headers } as const;
}
