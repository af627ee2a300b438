import { setTimeout } from 'node:timers/promises';

/** Waits so many seconds. */
export const wait = (seconds: number): Promise<void> => setTimeout(seconds * 1000);
