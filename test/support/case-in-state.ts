import type { CaseAnswer } from './api-bodies.ts';
import type { Api, Person } from './api.ts';
import type { CaseDesk } from './case-desk.ts';
import { CASE_WAYS, type ReachedState } from './case-ways.ts';

/** Who takes part in a case. */
export interface CaseCast {
  readonly patient: Person;
  readonly physician: Person;
  readonly admin: Person;
}

/** A new case of the patient, brought into a state by those who take part in it; expired is what the database is told. */
export async function caseInState(
  api: Api,
  desk: CaseDesk,
  cast: CaseCast,
  state: ReachedState,
): Promise<CaseAnswer> {
  const submitted = await desk.submit(cast.patient);
  const way = state === 'expired' ? [] : CASE_WAYS[state];
  for (const [verb, who] of way) await desk.act(verb, submitted.id, cast[who]);
  if (state === 'expired') {
    await api.sql("UPDATE cases SET state = 'expired', timer_at = NULL WHERE uuid = $1", [submitted.id]);
  }
  return desk.read(submitted.id, cast.admin);
}
