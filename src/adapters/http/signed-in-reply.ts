import type { SignedIn } from '../../application/steps/continue-sign-in.ts';
import { adoptedBody } from './schemas/receipts.ts';
import { userBody } from './schemas/user-body.ts';
import type { SessionMode, SessionModeHeaders } from './session-mode.ts';

/** How a session that was opened is answered, in the mode that the request asks for, and to the receipts that came with it. */
export function signedInReply(
  sessionMode: SessionMode,
  headers: SessionModeHeaders,
  { kind, user, tokens, adopted }: SignedIn,
  receipts?: readonly string[],
) {
  const reply = sessionMode.replyTo(headers, tokens);
  const body = { kind, user: userBody(user), ...adoptedBody(receipts, adopted), ...reply.body };
  return { status: 200, body, headers: reply.headers } as const;
}
