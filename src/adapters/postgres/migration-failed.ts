import { errorCodeOf, isUnavailable } from './pg-errors.ts';

const INSUFFICIENT_PRIVILEGE = '42501';
const RIGHTS =
  'The role that migrates has to own rn_requests, and needs CREATE on schema public and on the database: set DATABASE_OWNER_URL to such a role. ';

/** The server refused a statement of a migration, or was lost. Told in its own words, which name tables but no value of a row. */
export class MigrationFailed extends Error {
  constructor(code: string | null, cause: Error) {
    super(
      `The migration failed: ${cause.message}${code === null ? '' : ` (${code})`}. ` +
        (code === INSUFFICIENT_PRIVILEGE ? RIGHTS : '') +
        'Steps that were done stay, the one at hand left nothing. Mend the cause and run "casegate migrate up" again; it goes on where it stopped.',
      { cause },
    );
    this.name = 'MigrationFailed';
  }
}

/** The error for an operator's eyes in place of one that `pg` threw; any other as it is. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = errorCodeOf(error);
  return code !== null || isUnavailable(error) ? new MigrationFailed(code, error) : error;
}
