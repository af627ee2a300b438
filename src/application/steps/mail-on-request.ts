import type { TokenPurpose } from '../../domain/access/one-time-token.ts';
import type { AccountMail } from '../../domain/identity/account-mail.ts';
import type { EmailAddress } from '../../domain/identity/email-address.ts';
import type { User } from '../../domain/identity/user.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { Stores, UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import { issueToken, type TokenMaking } from './one-time-tokens.ts';
import { noticeTo } from './notice-to.ts';
import { decoyEntry, type MailWriting } from './outbox-mail.ts';

/** Mails of one kind that strangers can bring about, to one address in one hour: more are not sent. */
const MAX_MAILS = 10;
const WINDOW_SECONDS = 3600;

/** What answering a stranger by mail needs. */
export interface MailOnRequest extends MailWriting, TokenMaking {
  readonly unitOfWork: UnitOfWork<'oneTimeTokens' | 'outbox' | 'audit'>;
}

/** What a stranger has asked for. */
export interface RequestedMail {
  readonly tenantId: TenantId;
  /** In its normal form. */
  readonly address: EmailAddress;
  /** Who gets the mail; `null` where nobody does, which takes as long. */
  readonly user: User | null;
  readonly purpose: TokenPurpose;
  readonly content: (token: string) => AccountMail;
  /** Of the audit entry. */
  readonly action: string;
}

/**
 * Whether strangers have not brought about too many mails of this kind to this recipient yet. Kinds are counted apart, so that whoever
 * uses up those of one does not keep the owner from another: his last link of each goes on counting.
 */
export const isWithinBudget = async (
  { outbox }: Pick<Stores, 'outbox'>,
  { recipient, createdAt }: OutboxEntry,
): Promise<boolean> =>
  (await outbox.countSince(recipient, addSeconds(createdAt, -WINDOW_SECONDS))) < MAX_MAILS;

/**
 * Mails a one-time token to an account's own address because somebody at the door asks for it. Whether there is such an account shows
 * neither in what this does from outside nor in how long it takes. Token, mail and audit entry are kept together or not at all.
 */
export async function mailOnRequest(deps: MailOnRequest, request: RequestedMail): Promise<void> {
  const { clock, idGenerator, unitOfWork } = deps;
  const { tenantId, address, user, purpose, content, action } = request;
  const nobody = { id: idGenerator.next(), tenantId, email: address };
  const { token, stored } = issueToken(deps, user ?? nobody, purpose);
  const entry = user ? await noticeTo(deps, user, content(token)) : await decoyEntry(deps, tenantId, address);
  const subject = user ? { type: 'user', id: user.id } : null;
  const audit = auditEntryOf(idGenerator, { kind: 'anonymous', tenantId }, { action, subject }, clock.now());
  await unitOfWork.run(tenantId, async (stores) => {
    if (!(await isWithinBudget(stores, entry))) return;
    if (user) await stores.oneTimeTokens.put(stored);
    else await stores.oneTimeTokens.revoke(nobody.id, [purpose]);
    await stores.outbox.add(entry);
    await stores.audit.add(audit);
  });
}
