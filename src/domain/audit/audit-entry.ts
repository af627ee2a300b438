import type { TenantId } from '../shared/ids.ts';

/** Who did it: a user, nobody known, or the installation itself (its command line, its timers). */
export type AuditActor =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'system' };

/** What may stand beside an act: ids, codes, counts and flags; never text that a person wrote. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null>>;

/** One line of the audit trail: who did what to which record, and when. */
export interface AuditEntry {
  readonly id: string;
  /** A refused sign-in to a tenant that does not exist stands in the trail of the `default` tenant. */
  readonly tenantId: TenantId;
  readonly actor: AuditActor;
  /** `feature.past-tense`, such as `cases.submitted`. */
  readonly action: string;
  readonly subject: { readonly type: string; readonly id: string } | null;
  readonly at: Date;
  readonly details: AuditDetails;
}
