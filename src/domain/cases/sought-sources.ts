import type { CaseSource, CaseState } from './case.ts';

/** What a list of cases asks for, as far as it decides where to look. */
export interface SoughtCases {
  readonly state: CaseState | null;
  readonly source: CaseSource | null;
}

/** Which cases a list asks for: those of the workflow, those without one, both or neither. */
export const soughtSources = ({ state, source }: SoughtCases): Readonly<Record<CaseSource, boolean>> => ({
  casegate: source !== 'legacy' && state !== 'legacy',
  legacy: source !== 'casegate' && (state === null || state === 'legacy'),
});
