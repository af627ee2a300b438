import { errorCodeOf, isUnavailable } from './pg-errors.ts';

const INSUFFICIENT_PRIVILEGE = '42501';
const RIGHTS =
  ' The role that migrates has to own rn_requests, and needs CREATE on schema public and on the database: ' +
  'set DATABASE_OWNER_URL to such a role.';

/** What the server said, in its own words, which name tables but no value of a row. */
const saidIn = (code: string | null, { message }: Error): string =>
  `${message}${code === null ? '' : ` (${code})`}.${code === INSUFFICIENT_PRIVILEGE ? RIGHTS : ''}`;

/** The server refused a statement of a migration, or was lost. */
export class MigrationFailed extends Error {
  constructor(code: string | null, cause: Error) {
    super(
      `The migration failed: ${saidIn(code, cause)} Steps that were done stay, the one at hand left nothing. ` +
        'Mend the cause and run the same command again; it goes on where it stopped.',
      { cause },
    );
    this.name = 'MigrationFailed';
  }
}

/** The server did not let anybody read what is done and what is to be done, or was lost. */
export class MigrationsUnreadable extends Error {
  constructor(code: string | null, cause: Error) {
    super(`The state of the migrations cannot be read: ${saidIn(code, cause)}`, { cause });
    this.name = 'MigrationsUnreadable';
  }
}

/** The error for an operator's eyes in place of one that `pg` threw; any other as it is. */
export function explained(
  error: unknown,
  Explanation: typeof MigrationFailed | typeof MigrationsUnreadable,
): unknown {
  if (!(error instanceof Error)) return error;
  const code = errorCodeOf(error);
  return code !== null || isUnavailable(error) ? new Explanation(code, error) : error;
}
