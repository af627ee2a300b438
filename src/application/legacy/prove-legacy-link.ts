import type { Actor, UserActor } from '../../domain/access/actor.ts';
import { Unauthenticated, Unavailable } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { IdentifierTaken, LegacyProofRefused } from '../../domain/legacy/errors.ts';
import { isPlaceholder } from '../../domain/legacy/legacy-identifier.ts';
import { deferLink, type LegacyLink } from '../../domain/legacy/legacy-link.ts';
import { isAmbiguous, type LegacyRecord } from '../../domain/legacy/legacy-record.ts';
import type { LegacyLinkId } from '../../domain/shared/ids.ts';
import { hexOf } from '../../domain/shared/octets.ts';
import type { LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';
import type { LegacyLinkDirectory } from '../ports/stores/legacy-link-directory.ts';
import type { StoredLink } from '../ports/stores/legacy-link-store.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import {
  checkLinkProof,
  type LegacyProof,
  type ProofChecking,
  type ProofWitness,
} from '../steps/check-link-proof.ts';
import { countedAttempt } from '../steps/counted-attempt.ts';
import { legacyLookup, openIdentifier } from '../steps/legacy-lookup.ts';
import { type Account, loadAccount } from '../steps/load-account.ts';
import { noticeTo } from '../steps/notice-to.ts';
import type { MailWriting } from '../steps/outbox-mail.ts';
import { decidedByNobody, settleLink } from '../steps/settle-link.ts';
import { stampRest } from '../steps/stamp-rest.ts';

export interface ProveLegacyLinkCommand {
  readonly actor: Actor;
  readonly linkId: LegacyLinkId;
  readonly proof: LegacyProof;
}

/** What a proof comes to. */
export type ProofOutcome =
  /** The identifier is the account's. */
  | { readonly status: 'linked'; readonly cases: number }
  /** It was proven, and an admin has to decide: it is somebody else's already, or of several people, or of nobody. */
  | { readonly status: 'waiting-for-admin' };

interface Dependencies extends ProofChecking, MailWriting {
  readonly failureCounters: FailureCounterStore;
  readonly legacyLinkDirectory: LegacyLinkDirectory;
  readonly legacyRequests: LegacyRequests;
  readonly unitOfWork: UnitOfWork<'users' | 'tenants' | 'legacyLinks' | 'cases' | 'outbox' | 'audit'>;
}

/** A claim whose proof counts. */
interface ProvenClaim {
  /** The identifier, in its normal form. */
  readonly normal: string;
  readonly proof: LegacyProof['method'];
  readonly witness: ProofWitness;
}

/** What a proven claim meets. */
interface Circumstances {
  readonly records: readonly LegacyRecord[];
  /** Whether an admin has to decide. */
  readonly isDisputed: boolean;
  /** For those whose identifier or rows it is already, or for the account itself where nobody disputes it. */
  readonly notices: readonly OutboxEntry[];
}

/** How often the world may change while a claim is decided on. */
const ATTEMPTS = 3;

/** Proves that a claimed identifier is one's own. */
export class ProveLegacyLink {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * The attempt is counted as failed before anything is compared: for the account, whichever identifiers it claims, and that of a code for
   * the identifier as well, whichever accounts claim it. Link, owners of rows, notices and audit entry are kept together or not at all; a
   * claim to what is somebody else's leaves that as it is, and he is told.
   *
   * @returns `null` where the actor has no such claim
   * @throws {LegacyProofRefused} one answer, whatever is wrong
   * @throws {RateLimited} after ten failures in a row, for a growing time
   * @throws {Unavailable} where the vendor's keys are out of reach
   */
  async execute({ actor: given, linkId, proof }: ProveLegacyLinkCommand): Promise<ProofOutcome | null> {
    const actor = authorizeUser(given, 'legacy.link');
    const link = await this.#find(actor, linkId);
    if (!link) return null;
    const settled = await this.#outcomeOf(link);
    if (settled) return settled;
    const account = await loadAccount(this.#deps.unitOfWork, actor.tenantId, actor.userId);
    if (!account) throw new Unauthenticated();
    const normal = await openIdentifier(this.#deps, link);
    const witness = await this.#check(actor, account, link, normal, proof);
    const claimed = { normal, witness, proof: proof.method };
    let current: StoredLink | null = link;
    for (let attempt = 0; attempt < ATTEMPTS && current?.status === 'pending'; attempt += 1) {
      const decided = await this.#decide(actor, account, current, claimed);
      if (decided) return decided;
      current = await this.#find(actor, linkId);
      const outcome = current && (await this.#outcomeOf(current));
      if (outcome) return outcome;
    }
    throw new Unavailable();
  }

  async #find({ tenantId, userId }: UserActor, linkId: LegacyLinkId): Promise<StoredLink | null> {
    const found = await this.#deps.unitOfWork.stores(tenantId).legacyLinks.find(linkId);
    return found?.userId === userId ? found : null;
  }

  /** What was decided already; `null` where nothing was. */
  async #outcomeOf({ id, status, tenantId }: LegacyLink): Promise<ProofOutcome | null> {
    if (status === 'waiting-for-admin') return { status };
    if (status !== 'linked') return null;
    const cases = await this.#deps.unitOfWork.stores(tenantId).legacyLinks.countStamped(id);
    return { status, cases };
  }

  async #check(
    actor: UserActor,
    { tenant }: Account,
    link: LegacyLink,
    normal: string,
    proof: LegacyProof,
  ): Promise<ProofWitness> {
    const { clock, idGenerator, keyedHash, unitOfWork, vendorDirectory } = this.#deps;
    // Only codes are guessed: whoever guesses must not keep the owner from a proof that cannot be.
    const counted = [
      `legacy-prover\n${link.userId}`,
      ...(proof.method === 'code' ? [`legacy-identifier\n${hexOf(link.identifierHash)}`] : []),
    ];
    const keys = counted.map((text) => keyedHash.of('failure-counter', text));
    const isOwn = link.status === 'pending' && vendorDirectory.find(link.vendorId).tenant === tenant.slug;
    const witness = await countedAttempt(this.#deps, keys, async () => {
      const proven = await checkLinkProof(this.#deps, link, normal, proof);
      return isOwn ? proven : null;
    });
    if (witness) return witness;
    const subject = { type: 'legacy-link', id: link.id };
    const act = { action: 'legacy.proof-refused', subject, details: { method: proof.method } };
    const { audit } = unitOfWork.stores(actor.tenantId);
    await audit.add(auditEntryOf(idGenerator, actor, act, clock.now()));
    throw new LegacyProofRefused();
  }

  /** @returns `null` where somebody else has changed what it was decided by */
  async #decide(
    actor: UserActor,
    account: Account,
    link: LegacyLink,
    { normal, proof, witness }: ProvenClaim,
  ): Promise<ProofOutcome | null> {
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const { isDisputed, notices, records } = await this.#circumstancesOf(account, link, normal, witness);
    const settlement = { ...decidedByNobody(actor), link, proof, records };
    try {
      const outcome = await unitOfWork.run<ProofOutcome>(link.tenantId, async (stores, elsewhere) => {
        for (const notice of notices) await elsewhere(notice.tenantId).outbox.add(notice);
        if (!isDisputed) {
          const cases = await settleLink(this.#deps, stores, settlement);
          if (cases === null) throw new IdentifierTaken();
          return { status: 'linked', cases };
        }
        const now = clock.now();
        if (!(await stores.legacyLinks.save(deferLink(link, proof, now), null))) throw new IdentifierTaken();
        const subject = { type: 'legacy-link', id: link.id };
        const act = { action: 'legacy.claim-deferred', subject, details: { proof } };
        await stores.audit.add(auditEntryOf(idGenerator, actor, act, now));
        return { status: 'waiting-for-admin' };
      });
      if (outcome.status !== 'linked') return outcome;
      return { ...outcome, cases: outcome.cases + (await stampRest(this.#deps, settlement)) };
    } catch (error) {
      if (error instanceof IdentifierTaken) return null;
      throw error;
    }
  }

  async #circumstancesOf(
    { user }: Account,
    link: LegacyLink,
    normal: string,
    { said }: ProofWitness,
  ): Promise<Circumstances> {
    const { legacyLinkDirectory, legacyRequests } = this.#deps;
    const { identifierHash, kind, vendorId } = link;
    const lookup = legacyLookup(this.#deps, vendorId, { kind, normal });
    const isNobody = isPlaceholder(kind, normal);
    const records = isNobody ? [] : await legacyRequests.findByIdentifier(lookup);
    const linked = await legacyLinkDirectory.findLinked([identifierHash]);
    const owners = [
      ...linked.map(({ tenantId, userId }) => ({ tenantId, userId })),
      ...records.flatMap(({ ownerId: userId }) =>
        userId === null ? [] : [{ tenantId: user.tenantId, userId }],
      ),
    ].filter(({ userId }) => userId !== user.id);
    const isDisputed = owners.length > 0 || isNobody || isAmbiguous(kind, [...records, ...said]);
    const notices = isDisputed
      ? await this.#rivalNotices(owners)
      : [await noticeTo(this.#deps, user, { kind: 'legacy-linked' })];
    return { records, isDisputed, notices };
  }

  /** Each owner is told once. */
  async #rivalNotices(
    owners: readonly Pick<LegacyLink, 'tenantId' | 'userId'>[],
  ): Promise<readonly OutboxEntry[]> {
    const notices: OutboxEntry[] = [];
    for (const { tenantId, userId } of new Map(owners.map((owner) => [owner.userId, owner])).values()) {
      const owner = await this.#deps.unitOfWork.stores(tenantId).users.find(userId);
      if (owner?.isActive) notices.push(await noticeTo(this.#deps, owner, { kind: 'legacy-rival-claim' }));
    }
    return notices;
  }
}
