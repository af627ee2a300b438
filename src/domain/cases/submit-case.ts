import { canonicalLanguage } from '../shared/language.ts';
import { addSeconds } from '../shared/time.ts';
import type { DueHours } from '../tenancy/tenant.ts';
import type { CaseFacts, CaseFlag, QueuedCase } from './case.ts';
import type { CaseAct, CaseEvent } from './case-event.ts';
import { CaseLanguageRejected } from './errors.ts';
import { freshClock } from './fresh-clock.ts';
import type { Language } from '../shared/language.ts';

/** What a case is made of. */
export type CaseSubmission = Pick<
  CaseFacts,
  'id' | 'tenantId' | 'patientId' | 'language' | 'priority' | 'specialty' | 'vendorId'
>;

/** What a new case meets in its tenant. */
export interface CaseIntake {
  /** The closed pool that it goes to; `null` is the shared one. */
  readonly pool: string | null;
  readonly dueHours: DueHours;
  /** Whether somebody is there who could take it, whatever his load. */
  readonly hasCandidate: boolean;
}

/** A case at its first moment, and the event that its submission is. */
export interface Submission {
  readonly submitted: QueuedCase;
  readonly event: CaseEvent;
}

/**
 * The language of a case in its canonical form.
 *
 * @throws {CaseLanguageRejected}
 */
export function caseLanguage(tag: string): Language {
  const language = canonicalLanguage(tag);
  if (language === null) throw new CaseLanguageRejected();
  return language;
}

/** A case at its first moment: queued, due by its priority, and flagged where nobody could take it. */
export function submitCase(given: CaseSubmission, intake: CaseIntake, act: CaseAct): Submission {
  const { eventId, actorId, actorRole, now } = act;
  const dueSeconds = intake.dueHours[given.priority] * 3600;
  const flags: readonly CaseFlag[] = intake.hasCandidate ? [] : ['no-candidate'];
  const submitted: QueuedCase = {
    ...given,
    state: 'queued',
    version: 1,
    physicianId: null,
    pool: intake.pool,
    origin: 'casegate',
    flags,
    dueAt: addSeconds(now, dueSeconds),
    createdAt: now,
    updatedAt: now,
    clock: freshClock(dueSeconds, now),
  };
  const event: CaseEvent = {
    id: eventId,
    caseId: given.id,
    type: 'submitted',
    from: null,
    to: submitted.state,
    version: submitted.version,
    actorId,
    actorRole,
    at: now,
  };
  return { submitted, event };
}
