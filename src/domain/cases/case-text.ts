import { isReason } from '../shared/reason.ts';
import { isTextWithin } from '../shared/text.ts';
import { CaseReasonRejected, CaseTextRejected } from './errors.ts';

/** The most code points of a text. */
export const CASE_TEXT_MAX = 20_000;

/**
 * Refuses a text that cannot be part of a case: empty or blank, over 20,000 code points, or not well-formed Unicode.
 *
 * @throws {CaseTextRejected}
 */
export function checkCaseText(text: string): void {
  if (!isTextWithin(text, CASE_TEXT_MAX)) throw new CaseTextRejected();
}

/**
 * Refuses what cannot be the reason of an act.
 *
 * @throws {CaseReasonRejected}
 */
export function checkReason(reason: string): void {
  if (!isReason(reason)) throw new CaseReasonRejected();
}
