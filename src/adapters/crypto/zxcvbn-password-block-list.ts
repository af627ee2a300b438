import { dictionary } from '@zxcvbn-ts/language-common';
import type { PasswordBlockList } from '../../application/ports/security/password-block-list.ts';
import { PASSWORD_FLOOR } from '../../domain/identity/password-policy.ts';

/** Code points up to which a repeat or a run is something that people try; nobody counts to longer ones. */
const TRIVIAL_MAX = 32;

/**
 * The common passwords that zxcvbn knows (some 18,000 of at least eight characters), and two rules for what such lists hold only in
 * part: one character repeated (`aaaaaaaa`), and characters in a row, up or down (`abcdefgh`, `87654321`, `1234567890123`).
 */
export class ZxcvbnPasswordBlockList implements PasswordBlockList {
  // Shorter ones are refused for their length already.
  readonly #common = new Set(dictionary['passwords-common'].filter((word) => word.length >= PASSWORD_FLOOR));

  includes(password: string): boolean {
    return this.#common.has(password) || isTrivial(password);
  }
}

/** Whether each character follows the one before it by the same step: none, one up, or one down. */
function isTrivial(password: string): boolean {
  if (password.length > 2 * TRIVIAL_MAX) return false;
  const points = Array.from(password, (character) => character.codePointAt(0) ?? 0);
  if (points.length < 2 || points.length > TRIVIAL_MAX) return false;
  const pairs = points.slice(1).map((point, index) => [points[index] ?? 0, point] as const);
  return (
    pairs.every(([before, after]) => after === before) ||
    pairs.every(([before, after]) => after === following(before)) ||
    pairs.every(([before, after]) => before === following(after))
  );
}

/** The next code point; after 9 comes 0, as on a keyboard. */
const following = (point: number): number => (point === 0x39 ? 0x30 : point + 1);
