import { legacyLanguage } from './legacy-language.ts';
import { normalVendorId } from '../shared/vendor-id.ts';
import type { CaseId, TenantId, UserId } from '../shared/ids.ts';
import { addSeconds } from '../shared/time.ts';
import type { CaseFacts, LegacyCase, QueuedCase } from './case.ts';
import type { CaseAct } from './case-event.ts';
import { freshClock } from './fresh-clock.ts';
import type { CaseIntake } from './submit-case.ts';
import type { Transition } from './transition.ts';

/** What a row of the legacy service says of its case, without the text. */
export interface LegacyCaseRecord {
  readonly id: CaseId;
  /** Of whoever looks at it. */
  readonly tenantId: TenantId;
  /** The account that is linked to it; `null` where none is. */
  readonly patientId: UserId | null;
  /** As stored; so are the next two. */
  readonly vendorId: string | null;
  readonly language: string | null;
  readonly status: string | null;
  readonly createdAt: Date;
}

/** A case of the legacy service as the workflow sees it, which has nothing to say of it: nothing is due, and nobody has it. */
export const legacyCaseOf = ({
  createdAt,
  language,
  status,
  vendorId,
  ...record
}: LegacyCaseRecord): LegacyCase => ({
  ...record,
  state: 'legacy',
  version: 1,
  language: legacyLanguage(language),
  priority: 'routine',
  specialty: null,
  physicianId: null,
  pool: null,
  vendorId: normalVendorId(vendorId),
  origin: 'legacy',
  flags: [],
  dueAt: createdAt,
  createdAt,
  updatedAt: createdAt,
  clock: freshClock(0, createdAt),
  legacyStatus: status,
});

/** A legacy case with its workflow, and the event that this is. */
export interface LegacyAdoption extends Transition {
  readonly before: LegacyCase;
  readonly after: QueuedCase;
}

/** What a legacy case is given that its row does not say, or says otherwise. */
export type AdoptedFacts = Pick<CaseFacts, 'language' | 'priority' | 'specialty'>;

/**
 * Gives a legacy case a workflow: it is queued from now on, and due by its priority from now on, as a case that is as old as it is. Its
 * patient stays who he is, also where his account is not known.
 */
export function adoptLegacy(
  found: LegacyCase,
  given: AdoptedFacts,
  { dueHours, hasCandidate, pool }: CaseIntake,
  { eventId, actorId, actorRole, now }: CaseAct,
): LegacyAdoption {
  const { legacyStatus: _status, ...facts } = found;
  const dueSeconds = dueHours[given.priority] * 3600;
  const after: QueuedCase = {
    ...facts,
    ...given,
    state: 'queued',
    version: found.version + 1,
    pool,
    flags: hasCandidate ? [] : ['no-candidate'],
    dueAt: addSeconds(now, dueSeconds),
    updatedAt: now,
    clock: freshClock(dueSeconds, now),
  };
  const { id: caseId, state: from } = found;
  const { state: to, version } = after;
  const event = {
    id: eventId,
    caseId,
    type: 'adopted-legacy',
    from,
    to,
    version,
    actorId,
    actorRole,
    at: now,
  } as const;
  return { before: found, after, event };
}
