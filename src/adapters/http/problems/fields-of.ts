import type { z } from 'zod';
import { writeJsonPointer } from '../../../domain/shared/json-pointer.ts';
import type { ProblemField } from './problem-body.ts';

/** The most fields that one answer names. */
const FIELDS_MAX = 20;
/** Names of fields longer than that, or of other characters, are not repeated: who knows what they hold. */
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

type Issue = z.core.$ZodIssue;

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  string: 'a text',
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'Must be a UUID.',
};

/**
 * What a schema found wrong, field by field, in texts of our own: those of the library repeat what was sent.
 *
 * @param given what the schema was held against
 */
export function fieldsOf(error: z.ZodError, given: unknown): ProblemField[] {
  return error.issues.flatMap((issue) => fieldsOfIssue(issue, given)).slice(0, FIELDS_MAX);
}

function fieldsOfIssue(issue: Issue, given: unknown): readonly ProblemField[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      PLAIN_NAME.test(key)
        ? { pointer: writeJsonPointer([...issue.path, key]), detail: 'Is not a field that is known here.' }
        : { pointer: writeJsonPointer(issue.path), detail: 'Has a field that is not known here.' },
    );
  }
  const missing = issue.code !== 'custom' && valueAt(given, issue.path) === undefined;
  return [{ pointer: writeJsonPointer(issue.path), detail: missing ? 'Is required.' : detailOf(issue) }];
}

function detailOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Must be ${TYPES[issue.expected] ?? 'of another type'}.`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'Does not have the right form.';
    case 'invalid_value':
      return `Must be one of: ${issue.values.map(String).join(', ')}.`;
    case 'too_small':
      return `Must ${sizeOf(issue.origin)} at least ${String(issue.minimum)}${unitOf(issue.origin)}.`;
    case 'too_big':
      return `Must ${sizeOf(issue.origin)} at most ${String(issue.maximum)}${unitOf(issue.origin)}.`;
    case 'custom':
      return ownText(issue) ?? 'Is not valid.';
    default:
      return 'Is not valid.';
  }
}

const COUNTED: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' entries',
  set: ' entries',
};

const sizeOf = (origin: string): string => (origin in COUNTED ? 'have' : 'be');
const unitOf = (origin: string): string => COUNTED[origin] ?? '';

/** Checks of our own bring their text in `params.detail`. */
function ownText(issue: Extract<Issue, { code: 'custom' }>): string | undefined {
  const detail: unknown = issue.params?.['detail'];
  return typeof detail === 'string' ? detail : undefined;
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    given,
  );
}
