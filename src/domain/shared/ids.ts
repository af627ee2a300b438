/**
 * A string that names one kind of thing. A plain string may become an id where a boundary vouches for it, but an id of one kind
 * is never accepted where another kind is asked for.
 */
type Id<Kind extends string> = string & { readonly __kind?: Kind };

/** UUID of a tenant. */
export type TenantId = Id<'tenant'>;
/** UUID of a user. */
export type UserId = Id<'user'>;
/** UUID of a physician (not of the user behind it). */
export type PhysicianId = Id<'physician'>;
/** UUID of a session; the `sid` claim of its access tokens. */
export type SessionId = Id<'session'>;
/** UUID of a passkey. */
export type PasskeyId = Id<'passkey'>;
/** UUID of a sign-in that waits for its second factor. */
export type ChallengeId = Id<'challenge'>;
/** UUID of an admin's reset of somebody's second factors. */
export type MfaResetId = Id<'mfa-reset'>;
/** UUID of an admin's leave to read a case outside of his role. */
export type GrantId = Id<'grant'>;
/** UUID of a link between an account and a legacy identifier, or of a claim to one. */
export type LegacyLinkId = Id<'legacy-link'>;
/** UUID of something that an operator has set going over many records. */
export type BatchRunId = Id<'batch-run'>;
/** UUID of a case, which is `rn_requests.uuid`. */
export type CaseId = Id<'case'>;

/** The tenant that every installation has: the practice itself. Made by the first migration. */
export const DEFAULT_TENANT_ID: TenantId = '00000000-0000-7000-8000-000000000001';
/** The slug of the tenant that every installation has. */
export const DEFAULT_TENANT_SLUG = 'default';
