import type { CaseClock } from './case.ts';

/** The clocks of a case at the first moment of its workflow. */
export const freshClock = (dueSeconds: number, stateSince: Date): CaseClock => ({
  dueSeconds,
  stateSince,
  escalations: 0,
  reminders: 0,
  followUps: 0,
  answeredAt: null,
  awaySince: null,
});
