import type { AccountMail } from '../../domain/identity/account-mail.ts';
import type { User } from '../../domain/identity/user.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { Stores, UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import { issueToken, type TokenMaking } from './one-time-tokens.ts';
import { type MailRequest, mailTo, type MailWriting, requestedEntry } from './outbox-mail.ts';

/** So often within an hour can strangers ask for the same thing for one address: what is asked for beyond that is not written. */
const MAX_REQUESTS = 10;
const WINDOW_SECONDS = 3600;

/** What answering a stranger by mail needs. */
export interface MailOnRequest extends MailWriting, TokenMaking {
  readonly unitOfWork: UnitOfWork<'oneTimeTokens' | 'outbox' | 'audit'>;
}

/** What a stranger has asked for, and what comes of it. */
export interface RequestedMail extends MailRequest {
  readonly purpose: Exclude<MailRequest['purpose'], 'registration' | 'legacy-link-code'>;
  /** Who gets the mail; `null` where nobody does, which takes as long. */
  readonly user: User | null;
  readonly content: (token: string) => AccountMail;
  /** Of the audit entry. */
  readonly action: string;
}

/**
 * Adds a requested entry unless too many have asked for the same for the address; those at once take turns. What can be asked for is
 * counted apart, so that whoever uses up one does not keep the owner from another: his last link of each goes on counting.
 *
 * @returns `false` where nothing was added, and nothing else is to be done
 */
export const addRequested = ({ outbox }: Pick<Stores, 'outbox'>, entry: OutboxEntry): Promise<boolean> =>
  outbox.addWithin(entry, MAX_REQUESTS, addSeconds(entry.createdAt, -WINDOW_SECONDS));

/**
 * Mails a one-time token to an account's own address because somebody at the door asks for it. Whether there is such an account shows
 * neither in what this does from outside, nor in how long it takes, nor in how often it is done. Token, mail and audit entry are kept
 * together or not at all.
 */
export async function mailOnRequest(deps: MailOnRequest, request: RequestedMail): Promise<void> {
  const { clock, idGenerator, unitOfWork } = deps;
  const { tenantId, address, user, purpose, content, action } = request;
  const nobody = { id: idGenerator.next(), tenantId, email: address };
  const { token, stored } = issueToken(deps, user ?? nobody, purpose);
  const entry = await requestedEntry(deps, request, user && mailTo(user, content(token)));
  const subject = user ? { type: 'user', id: user.id } : null;
  const audit = auditEntryOf(idGenerator, { kind: 'anonymous', tenantId }, { action, subject }, clock.now());
  await unitOfWork.run(tenantId, async (stores) => {
    if (!(await addRequested(stores, entry))) return;
    if (user) await stores.oneTimeTokens.put(stored);
    else await stores.oneTimeTokens.revoke(nobody.id, [purpose]);
    await stores.audit.add(audit);
  });
}
