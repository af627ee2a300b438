import type { Columns } from '../columns.ts';

/** A row of `refresh_tokens` that has not been rotated. */
export interface RefreshTokenRow {
  readonly token_hash: Uint8Array;
  readonly session_uuid: string;
  readonly issued_at: Date;
}

/** The columns of {@link RefreshTokenRow}. */
export const REFRESH_TOKEN_COLUMNS: Columns<RefreshTokenRow> = {
  token_hash: 'bytea',
  session_uuid: 'uuid',
  issued_at: 'timestamptz',
};
