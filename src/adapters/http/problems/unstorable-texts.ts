import { isStorable } from '../../../domain/shared/text.ts';
import { writeJsonPointer } from '../../../domain/shared/json-pointer.ts';
import type { ProblemField } from './problem-body.ts';

/**
 * The texts within a value that no store keeps as they are: with NUL, or with half of a surrogate pair. Where such a text is the
 * name of a field, the pointer is that of its parent.
 */
export const unstorableTexts = (value: unknown): readonly ProblemField[] =>
  holdsOnlyStorable(value) ? [] : unstorableIn(value, []);

function holdsOnlyStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(holdsOnlyStorable);
  return Object.entries(value).every(([name, inner]) => isStorable(name) && holdsOnlyStorable(inner));
}

function unstorableIn(value: unknown, path: readonly string[]): readonly ProblemField[] {
  if (holdsOnlyStorable(value)) return [];
  if (typeof value !== 'object' || value === null) {
    return [{ pointer: writeJsonPointer(path), detail: 'Must be well-formed Unicode text without NUL.' }];
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    isStorable(name)
      ? unstorableIn(inner, [...path, name])
      : [{ pointer: writeJsonPointer(path), detail: 'Must have names of well-formed Unicode without NUL.' }],
  );
}
