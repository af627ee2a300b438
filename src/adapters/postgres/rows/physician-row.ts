import type { Selectable } from 'kysely';
import type { Physician } from '../../../domain/identity/physician.ts';
import type { Columns } from '../columns.ts';
import type { Schema } from '../schema.ts';

/** A row of `physicians`, as far as it is read. */
export type PhysicianRow = Omit<Selectable<Schema['physicians']>, 'created_at' | 'updated_at' | 'version'>;

/** The columns of {@link PhysicianRow}. */
export const PHYSICIAN_COLUMNS: Columns<PhysicianRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  user_uuid: 'uuid',
  language_preference: 'text',
  languages: 'text[]',
  private_pool: 'text',
  vacation_mode: 'boolean',
  max_open_cases: 'integer',
};

/** The physician of a row. */
export const physicianOfRow = (row: PhysicianRow): Physician => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  userId: row.user_uuid,
  languagePreference: row.language_preference,
  languages: row.languages,
  privatePool: row.private_pool,
  vacationMode: row.vacation_mode,
  maxOpenCases: row.max_open_cases,
});
