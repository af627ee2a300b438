import type { Actor } from '../../domain/access/actor.ts';
import { Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { isBridgeOpen } from '../../domain/legacy/legacy-bridge.ts';
import { IdentifierRejected } from '../../domain/legacy/errors.ts';
import {
  isPlaceholder,
  type LegacyIdentifier,
  type LegacyIdentifierKind,
  normalIdentifier,
} from '../../domain/legacy/legacy-identifier.ts';
import { claimIdentifier, type LegacyLink, type LinkProof } from '../../domain/legacy/legacy-link.ts';
import { contactsOf, isAmbiguous, type LegacyRecord } from '../../domain/legacy/legacy-record.ts';
import { normalVendorId } from '../../domain/shared/vendor-id.ts';
import { hexOf } from '../../domain/shared/octets.ts';
import type { LegacyLookup, LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import type { VendorStatements } from '../ports/legacy/vendor-statements.ts';
import type { SecretGenerator } from '../ports/security/secret-generator.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { Settings } from '../ports/system/settings.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { keepClaim } from '../steps/keep-claim.ts';
import { legacyLinkCodeHash } from '../steps/legacy-link-code.ts';
import { legacyLookup, type LegacyLookingUp, sealIdentifier } from '../steps/legacy-lookup.ts';
import { loadAccount, type Account } from '../steps/load-account.ts';
import { addRequested } from '../steps/mail-on-request.ts';
import { newLink } from '../steps/new-link.ts';
import { mailTo, type MailWriting, requestedEntry } from '../steps/outbox-mail.ts';

export interface LinkLegacyIdentifierCommand {
  readonly actor: Actor;
  /** As the legacy service writes it, in any spelling; `null` for records that name none. */
  readonly vendorId: string | null;
  readonly kind: LegacyIdentifierKind;
  readonly identifier: string;
}

/** A claim, and how it can be proven. */
export interface LinkClaim {
  readonly link: LegacyLink;
  readonly methods: readonly LinkProof[];
}

interface Dependencies extends MailWriting, LegacyLookingUp {
  readonly legacyRequests: LegacyRequests;
  readonly secretGenerator: SecretGenerator;
  readonly settings: Settings;
  readonly unitOfWork: UnitOfWork<'users' | 'tenants' | 'legacyLinks' | 'outbox' | 'audit'>;
  readonly vendorStatements: VendorStatements;
}

/**
 * Claims an identifier by which the legacy service knows a person. Where its records hold an address of his, a code goes there, and never
 * to one that was typed in just now. Whether there are records shows in nothing that comes of this.
 */
export class LinkLegacyIdentifier {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Claim, code and audit entry are kept together or not at all. Of an identifier, ten codes an hour are written, whichever accounts ask;
   * beyond that the last one goes on counting. An account has one claim to an identifier: asked for again, it gets another code.
   *
   * @throws {Forbidden} for whoever is no patient
   * @throws {IdentifierRejected} for what can be no identifier of the kind
   */
  async execute(command: LinkLegacyIdentifierCommand): Promise<LinkClaim> {
    const actor = authorizeUser(command.actor, 'legacy.link');
    const { clock, idGenerator, legacyRequests, unitOfWork } = this.#deps;
    const normal = normalIdentifier(command.kind, command.identifier);
    if (normal === null) throw new IdentifierRejected();
    const vendorId = normalVendorId(command.vendorId);
    const lookup = legacyLookup(this.#deps, vendorId, { kind: command.kind, normal });
    const account = await loadAccount(unitOfWork, actor.tenantId, actor.userId);
    if (!account) throw new Unauthenticated();

    // Nobody's: however many rows say it, none of them would tell where a code may go.
    const records = isPlaceholder(lookup.kind, normal) ? [] : await legacyRequests.findByIdentifier(lookup);
    const claimed = newLink(idGenerator, account.user, lookup);
    const { code, entry } = await this.#codeFor(account, lookup, records);
    const identifier = await sealIdentifier(this.#deps, claimed, normal);
    const now = clock.now();
    const link = await unitOfWork.run(actor.tenantId, async (stores) => {
      const isWritten = await addRequested(stores, entry);
      const codeHash = isWritten ? legacyLinkCodeHash(this.#deps.keyedHash, claimed, code) : null;
      const claim = { ...claimIdentifier(claimed, codeHash, now), identifier };
      return keepClaim(idGenerator, stores, actor, claim);
    });
    return { link, methods: this.#methodsFor(vendorId) };
  }

  /** Where no code may go anywhere, the entry is a decoy, which costs as much; its code is known to nobody. */
  async #codeFor(
    { user, tenant }: Account,
    lookup: LegacyLookup,
    records: readonly LegacyRecord[],
  ): Promise<{ readonly code: string; readonly entry: OutboxEntry }> {
    const { secretGenerator, vendorDirectory } = this.#deps;
    const code = secretGenerator.mailedCode();
    const isOwn = vendorDirectory.find(lookup.vendorId).tenant === tenant.slug;
    const contact = isOwn ? contactFor(lookup, records) : null;
    const mail =
      contact === null
        ? null
        : mailTo({ email: contact, language: user.language }, { kind: 'legacy-link-code', code });
    const address = hexOf(lookup.hash);
    const request = { tenantId: tenant.id, purpose: 'legacy-link-code', address } as const;
    return { code, entry: await requestedEntry(this.#deps, request, mail) };
  }

  #methodsFor(vendorId: string | null): readonly LinkProof[] {
    const { clock, settings, vendorStatements } = this.#deps;
    return [
      'code',
      ...(vendorStatements.offers(vendorId) ? (['vendor-statement'] as const) : []),
      ...(isBridgeOpen(settings.legacyBridge, clock.now()) ? (['session'] as const) : []),
    ];
  }
}

/** The one address that the records hold, where they are of one person for sure. */
function contactFor({ kind, normal }: LegacyIdentifier, records: readonly LegacyRecord[]): string | null {
  if (isAmbiguous(kind, records)) return null;
  const contacts = contactsOf(records);
  if (kind === 'email') return contacts.includes(normal) ? normal : null;
  const [contact, ...others] = contacts;
  return contact !== undefined && others.length === 0 ? contact : null;
}
