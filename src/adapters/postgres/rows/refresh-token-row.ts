import type { Selectable } from 'kysely';
import type { Columns } from '../columns.ts';
import type { Schema } from '../schema.ts';

/** A row of `refresh_tokens` that has not been rotated. */
export type RefreshTokenRow = Omit<Selectable<Schema['refresh_tokens']>, 'rotated_at'>;

/** The columns of {@link RefreshTokenRow}. */
export const REFRESH_TOKEN_COLUMNS: Columns<RefreshTokenRow> = {
  token_hash: 'bytea',
  session_uuid: 'uuid',
  issued_at: 'timestamptz',
};
