import type { CaseId, GrantId, TenantId, UserId } from '../shared/ids.ts';
import { isTextWithin } from '../shared/text.ts';
import { addSeconds } from '../shared/time.ts';

/** Seconds for which an admin may read a case outside of his role. */
export const BREAK_GLASS_SECONDS = 3600;
/** The longest outcome of a review, in code points. */
export const OUTCOME_MAX_LENGTH = 100;

/** What a review came to. */
export interface GrantReview {
  readonly reviewerId: UserId;
  /** The practice's own word for it, such as `justified`. */
  readonly outcome: string;
  readonly at: Date;
}

/** An admin's leave to read the text of a case for an hour (45 CFR 164.312(a)(2)(ii), emergency access). */
export interface BreakGlassGrant {
  readonly id: GrantId;
  readonly tenantId: TenantId;
  readonly caseId: CaseId;
  readonly adminId: UserId;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** `null` while it waits for its review. */
  readonly review: GrantReview | null;
}

/** A leave at its first moment. */
export const grantBreakGlass = (
  given: Pick<BreakGlassGrant, 'id' | 'tenantId' | 'caseId' | 'adminId'>,
  now: Date,
): BreakGlassGrant => ({
  ...given,
  createdAt: now,
  expiresAt: addSeconds(now, BREAK_GLASS_SECONDS),
  review: null,
});

/** Whether a text can be the outcome of a review: something is said, in well-formed Unicode, and not too much. */
export const isOutcome = (text: string): boolean => isTextWithin(text, OUTCOME_MAX_LENGTH);
