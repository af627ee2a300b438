import type { CaseAnswer } from './api-bodies.ts';
import type { Api, Person } from './api.ts';
import type { CaseDesk } from './case-desk.ts';

/** Who takes part in a case. */
export interface CaseCast {
  readonly patient: Person;
  readonly physician: Person;
  readonly admin: Person;
}

/** The acts that bring a new case into a state, and whose they are. */
const WAYS = {
  queued: [],
  assigned: [['claim', 'physician']],
  in_review: [
    ['claim', 'physician'],
    ['start', 'physician'],
  ],
  info_requested: [
    ['claim', 'physician'],
    ['start', 'physician'],
    ['ask-info', 'physician'],
  ],
  answered: [
    ['claim', 'physician'],
    ['start', 'physician'],
    ['answer', 'physician'],
  ],
  closed: [
    ['claim', 'physician'],
    ['start', 'physician'],
    ['answer', 'physician'],
    ['close', 'patient'],
  ],
  declined: [
    ['claim', 'physician'],
    ['decline', 'physician'],
  ],
  cancelled: [['cancel', 'patient']],
  expired: [],
  void: [['void', 'admin']],
} as const;

/** The states that a case with a workflow can be in. */
export type ReachedState = keyof typeof WAYS;
export const REACHED_STATES = Object.keys(WAYS) as readonly ReachedState[];

/** A new case of the patient, brought into a state by those who take part in it; expired is what the database is told. */
export async function caseInState(
  api: Api,
  desk: CaseDesk,
  cast: CaseCast,
  state: ReachedState,
): Promise<CaseAnswer> {
  const submitted = await desk.submit(cast.patient);
  for (const [verb, who] of WAYS[state]) await desk.act(verb, submitted.id, cast[who]);
  if (state === 'expired') {
    await api.sql("UPDATE cases SET state = 'expired', timer_at = NULL WHERE uuid = $1", [submitted.id]);
  }
  return desk.read(submitted.id, cast.admin);
}
