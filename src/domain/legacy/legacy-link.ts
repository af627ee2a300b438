import { sameOctets } from '../shared/octets.ts';
import type { LegacyLinkId, TenantId, UserId } from '../shared/ids.ts';
import { addSeconds } from '../shared/time.ts';
import type { LegacyIdentifierKind } from './legacy-identifier.ts';

/** How far an account has come with an identifier, for schemas. */
export const LINK_STATUSES = [
  /** Came with an import; nobody has claimed it. */
  'candidate',
  /** Claimed, and not proven. */
  'pending',
  /** An admin has to decide. */
  'waiting-for-admin',
  'linked',
  'rejected',
  'unlinked',
] as const;
/** One of these. */
export type LinkStatus = (typeof LINK_STATUSES)[number];

/** How far a claim has come that an admin can decide on, unproven or disputed, for schemas. */
export const CLAIM_STATUSES = ['pending', 'waiting-for-admin'] as const satisfies readonly LinkStatus[];

/** What showed that an identifier is somebody's own, for schemas. */
export const LINK_PROOFS = ['session', 'code', 'vendor-statement', 'sso-assertion', 'admin'] as const;
/** One of these. */
export type LinkProof = (typeof LINK_PROOFS)[number];

/** For how many seconds a mailed code counts. */
export const LINK_CODE_SECONDS = 900;

/** A code that was mailed to a contact of the legacy record, or would have been. */
export interface LinkCode {
  /** Keyed hash of user, identifier and code, 32 octets. */
  readonly hash: Uint8Array;
  readonly expiresAt: Date;
}

/** An account and an identifier of the legacy service that it has, claims, or had. */
export interface LegacyLink {
  /** Also the nonce that a vendor's statement is bound to. */
  readonly id: LegacyLinkId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** In its normal form; `null` for records that name no vendor. */
  readonly vendorId: string | null;
  readonly kind: LegacyIdentifierKind;
  /** Keyed hash of vendor, kind and normal form, 32 octets. */
  readonly identifierHash: Uint8Array;
  readonly status: LinkStatus;
  /** What proved it; `null` before anything did. */
  readonly proof: LinkProof | null;
  readonly code: LinkCode | null;
  /** The admin who decided; `null` where none did, or the installation itself. */
  readonly decidedBy: UserId | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Grows with each save; a save of a stale version is refused. */
  readonly version: number;
}

/** What a link is made of. */
export type NewLink = Pick<LegacyLink, 'id' | 'tenantId' | 'userId' | 'vendorId' | 'kind' | 'identifierHash'>;

const begun = (given: NewLink, status: LinkStatus, code: LinkCode | null, now: Date): LegacyLink => ({
  ...given,
  status,
  proof: null,
  code,
  decidedBy: null,
  createdAt: now,
  updatedAt: now,
  version: 1,
});

/** A claim at its first moment. @param codeHash of the code that proves it; `null` where none was made */
export const claimIdentifier = (given: NewLink, codeHash: Uint8Array | null, now: Date): LegacyLink =>
  begun(given, 'pending', codeHash && { hash: codeHash, expiresAt: addSeconds(now, LINK_CODE_SECONDS) }, now);

/** An identifier that came with an import: it belongs to nobody until it is claimed and proven. */
export const candidateLink = (given: NewLink, now: Date): LegacyLink => begun(given, 'candidate', null, now);

const saved = (link: LegacyLink, changes: Partial<LegacyLink>, now: Date): LegacyLink => ({
  ...link,
  ...changes,
  code: null,
  updatedAt: now,
  version: link.version + 1,
});

/** The link, proven. @param decidedBy the admin whose word the proof is */
export const proveLink = (
  link: LegacyLink,
  proof: LinkProof,
  now: Date,
  decidedBy: UserId | null = null,
): LegacyLink => saved(link, { status: 'linked', proof, decidedBy }, now);

/** The claim, proven by somebody, and yet for an admin to decide. */
export const deferLink = (link: LegacyLink, proof: LinkProof, now: Date): LegacyLink =>
  saved(link, { status: 'waiting-for-admin', proof }, now);

/** The claim, refused by an admin. */
export const rejectLink = (link: LegacyLink, decidedBy: UserId | null, now: Date): LegacyLink =>
  saved(link, { status: 'rejected', decidedBy }, now);

/** The link, given up by its owner or taken from him. */
export const endLink = (link: LegacyLink, now: Date, decidedBy: UserId | null = link.decidedBy): LegacyLink =>
  saved(link, { status: 'unlinked', decidedBy }, now);

/** Whether an admin can decide on it. */
export const isClaim = ({ status }: Pick<LegacyLink, 'status'>): boolean =>
  CLAIM_STATUSES.some((claim) => claim === status);

/** Whether it is not over. */
export const isOpen = ({ status }: Pick<LegacyLink, 'status'>): boolean =>
  status === 'candidate' || status === 'linked' || isClaim({ status });

/** Whether a code is the one that was mailed for the claim, and still counts. @param hash of user, identifier and code */
export const isCodeOf = ({ code }: LegacyLink, hash: Uint8Array, now: Date): boolean =>
  code !== null && sameOctets(code.hash, hash) && now < code.expiresAt;
