import type { AccountMail } from '../../domain/identity/account-mail.ts';
import type { EmailAddress } from '../../domain/identity/email-address.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { Language } from '../../domain/shared/language.ts';
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
  readonly content: AccountMail;
}

/** The place that an entry's payload is sealed for. */
export const outboxPlace = (tenantId: TenantId, entryId: string): SealedPlace => ({
  tenantId,
  table: 'outbox',
  column: 'payload',
  rowId: entryId,
});

/** Seals a mail for the outbox, before the unit of work that adds it: what is in it is a secret. */
export const mailEntry = (
  writing: MailWriting,
  tenantId: TenantId,
  mail: WrittenMail,
): Promise<OutboxEntry> => {
  const recipient = `${mail.content.kind}\n${mail.to}`;
  return seal(writing, tenantId, { topic: 'mail', recipient, payload: mail });
};

/**
 * An entry by which nobody gets a mail: it costs as much as one, so that nobody can tell by the time that nobody gets one. It is counted
 * apart from the mails that the owner of the address does get.
 */
export const decoyEntry = (
  writing: MailWriting,
  tenantId: TenantId,
  address: EmailAddress,
): Promise<OutboxEntry> =>
  seal(writing, tenantId, { topic: 'mail', recipient: `nothing\n${address}`, payload: null });

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
  /** What the entry brings, and to whom. */
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
