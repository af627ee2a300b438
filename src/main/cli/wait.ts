import { setTimeout } from 'node:timers/promises';

/** Waits so many seconds. */
export type Wait = (seconds: number) => Promise<void>;

/** Waits so many seconds, by the clock. */
export const wait: Wait = (seconds) => setTimeout(seconds * 1000);
