/** `instant` moved by `seconds` (may be negative or fractional). */
export const addSeconds = (instant: Date, seconds: number): Date =>
  new Date(instant.getTime() + seconds * 1000);

/** Whole seconds from `from` until `to`, rounded down, never negative. */
export const secondsUntil = (from: Date, to: Date): number =>
  Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));

/** Whole seconds after which `until` has passed for certain, seen from `now`: rounded up, at least 1. For answers that say when to come back. */
export const secondsToWait = (now: Date, until: Date): number =>
  Math.max(1, secondsUntil(now, addSeconds(until, 0.999)));

/** The earlier of two instants. */
export const earlier = (a: Date, b: Date): Date => (a.getTime() <= b.getTime() ? a : b);
