import type { TokenPurpose } from '../../domain/access/one-time-token.ts';
import type { EmailAddress } from '../../domain/shared/email-address.ts';
import type { User } from '../../domain/identity/user.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { Language } from '../../domain/shared/language.ts';
import type { MailContent } from '../ports/gateways/mail-content.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { SealedPlace, TextCipher } from '../ports/security/text-cipher.ts';
import type { Outbox, OutboxEntry, OutboxTopic } from '../ports/stores/outbox.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';

/** What writing a mail needs. */
export interface MailWriting {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly keyedHash: KeyedHash;
  readonly textCipher: TextCipher;
}

/** A mail, before it is sealed. */
export interface WrittenMail {
  readonly to: EmailAddress;
  readonly language: Language;
  readonly content: MailContent;
}

/** The place that an entry's payload is sealed for. */
export const outboxPlace = (tenantId: TenantId, entryId: string): SealedPlace => ({
  tenantId,
  table: 'outbox',
  column: 'payload',
  rowId: entryId,
});

/** A mail to the owner of an account, in his language. */
export const mailTo = (
  { email: to, language }: Pick<User, 'email' | 'language'>,
  content: MailContent,
): WrittenMail => ({ to, language, content });

/** Seals a mail that no stranger brings about, before the unit of work that adds it: what is in it is a secret. */
export const noticeEntry = (
  writing: MailWriting,
  tenantId: TenantId,
  mail: WrittenMail,
): Promise<OutboxEntry> =>
  seal(writing, tenantId, {
    topic: 'mail',
    recipient: `notice\n${mail.content.kind}\n${mail.to}`,
    payload: mail,
  });

/** What strangers to an address can ask for, so that a mail goes to it. */
export type MailRequestPurpose =
  | 'registration'
  | 'legacy-link-code'
  | Extract<TokenPurpose, 'email-verification' | 'email-change' | 'password-reset' | 'unlock'>;

/** What was asked for, and for which address. */
export interface MailRequest {
  readonly tenantId: TenantId;
  readonly purpose: MailRequestPurpose;
  /** In its normal form; where nobody knows yet to whose address it goes, what that depends on. */
  readonly address: EmailAddress;
}

/**
 * Seals the mail that a stranger's request brings about. It is counted by what was asked for and never by what comes of it.
 *
 * @param mail `null` where nobody gets one: the entry is a decoy, which costs as much and counts as much
 */
export const requestedEntry = (
  writing: MailWriting,
  { tenantId, purpose, address }: MailRequest,
  mail: WrittenMail | null,
): Promise<OutboxEntry> =>
  seal(writing, tenantId, { topic: 'mail', recipient: `request\n${purpose}\n${address}`, payload: mail });

/** An entry by which the tenant's resets of second factors are looked at, when one is due. */
export const mfaResetEntry = (
  writing: MailWriting,
  tenantId: TenantId,
  address: EmailAddress,
  dueAt: Date,
): Promise<OutboxEntry> =>
  seal(writing, tenantId, { topic: 'mfa-reset', recipient: `mfa-reset\n${address}`, payload: null, dueAt });

/** What is in the payload of an entry of topic `mail`; `null` in a decoy. */
export type MailPayload = WrittenMail | null;

/** Adds every entry, one after the other. */
export async function addAll(outbox: Outbox, entries: readonly OutboxEntry[]): Promise<void> {
  for (const entry of entries) await outbox.add(entry);
}

interface Unsealed {
  readonly topic: OutboxTopic;
  /** What the entry is for, and whose. */
  readonly recipient: string;
  readonly payload: MailPayload;
  readonly dueAt?: Date;
}

async function seal(
  { clock, idGenerator, keyedHash, textCipher }: MailWriting,
  tenantId: TenantId,
  { topic, recipient, payload, dueAt }: Unsealed,
): Promise<OutboxEntry> {
  const id = idGenerator.next();
  const now = clock.now();
  return {
    id,
    tenantId,
    topic,
    payload: await textCipher.seal(outboxPlace(tenantId, id), JSON.stringify(payload)),
    recipient: keyedHash.of('mail-recipient', `${tenantId}\n${recipient}`),
    createdAt: now,
    dueAt: dueAt ?? now,
  };
}
