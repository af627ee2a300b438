import { isTextWithin } from './text.ts';

/** The longest reason that is taken, in code points. */
export const REASON_MAX_LENGTH = 1000;

/** Whether a text can be the reason of an act: something is said, in well-formed Unicode, and not too much. */
export const isReason = (text: string): boolean => isTextWithin(text, REASON_MAX_LENGTH);
