import { Unavailable } from '../../domain/access/errors.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';

/** SQLSTATEs of constraints that refuse on purpose: unique keys, and checks. */
const REFUSING_CODES = new Set(['23505', '23514']);

/** SQLSTATE classes that say "not now": connection exceptions, insufficient resources. */
const UNAVAILABLE_CLASSES = new Set(['08', '53']);
/**
 * SQLSTATEs that say "not now": shutdown and crash (57P01–57P03), idle limits (25P03, 57P05), time limits (57014, 55P03, 25P04),
 * a server that has become read-only (25006), and a disk or file that fails (58030).
 */
const UNAVAILABLE_CODES = new Set([
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '57014',
  '55P03',
  '25P03',
  '25P04',
  '25006',
  '58030',
]);
/** Codes that Node gives to a network that fails. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EMFILE',
  'QUERY_TIMEOUT',
]);
/** What `pg` says, without any code, when a connection is gone or does not come. */
const CONNECTION_LOST =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Client (?:was closed|has encountered)|Cannot use a pool after calling end|Postgres connection has been discarded|driver has already been destroyed|The server does not support SSL)/;

/** A fault of the database, told by its code alone: what the server adds (detail, hint, query, values) may be personal. */
export class DatabaseFault extends Error {
  /** SQLSTATE, Node's code, or `unknown`. */
  readonly code: string;
  /** Name of the constraint that refused, or `null`. */
  readonly constraint: string | null;

  constructor(code: string, constraint: string | null) {
    super(`The database refused a statement (${code}${constraint === null ? '' : `, ${constraint}`}).`);
    this.name = 'DatabaseFault';
    this.code = code;
    this.constraint = constraint;
  }
}

/** Makes the refusal that a violated constraint stands for, by the constraint's name. */
export type RefusalsByConstraint = Readonly<Record<string, () => DomainError>>;

const text = (error: unknown, field: 'code' | 'constraint' | 'routine'): string | null => {
  if (typeof error !== 'object' || error === null) return null;
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : null;
};

/** @returns the SQLSTATE or Node's code of an error, `QUERY_TIMEOUT` where the client stopped waiting; `null` where it has none */
export function errorCodeOf(error: unknown): string | null {
  if (error instanceof Error && error.message === 'Query read timeout') return 'QUERY_TIMEOUT';
  return text(error, 'code');
}

/** Whether a connection's prepared statement no longer fits: the connection is given up, and the next one prepares it anew. */
const isStalePlan = (error: unknown, code: string): boolean =>
  code === '26000' || (code === '0A000' && text(error, 'routine') === 'RevalidateCachedQuery');

/** Whether the database is out of reach, out of room or too busy: the same statement may pass later. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  const code = errorCodeOf(error);
  if (code === null) return error instanceof Error && CONNECTION_LOST.test(error.message);
  if (NETWORK_CODES.has(code) || UNAVAILABLE_CODES.has(code)) return true;
  return (code.length === 5 && UNAVAILABLE_CLASSES.has(code.slice(0, 2))) || isStalePlan(error, code);
}

/** Whether the transaction lost against another one (serialization failure, deadlock) and is worth repeating as a whole. */
export function isSerializationFailure(error: unknown): boolean {
  const code = errorCodeOf(error);
  return code === '40001' || code === '40P01';
}

/**
 * The error that may leave the adapter in place of one that `pg` threw: the refusal of the violated constraint, `Unavailable`
 * where the database is out of reach, otherwise a {@link DatabaseFault}. Never carries a row's values. Whatever did not come from
 * the database is given back as it is.
 *
 * @param byConstraint refusals by the name of the constraint; without a line a violation is a fault
 */
export function translate(error: unknown, byConstraint: RefusalsByConstraint = {}): unknown {
  if (error instanceof DomainError || error instanceof DatabaseFault) return error;
  if (isUnavailable(error)) return new Unavailable();
  const code = errorCodeOf(error);
  const constraint = text(error, 'constraint');
  if (
    code !== null &&
    REFUSING_CODES.has(code) &&
    constraint !== null &&
    Object.hasOwn(byConstraint, constraint)
  ) {
    return byConstraint[constraint]?.();
  }
  return code !== null && /^[0-9A-Z]{5}$/.test(code) ? new DatabaseFault(code, constraint) : error;
}
