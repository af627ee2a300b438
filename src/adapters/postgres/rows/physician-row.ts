import type { Physician } from '../../../domain/identity/physician.ts';
import type { Columns } from '../columns.ts';

/** A row of `physicians`, as far as it is read. */
export interface PhysicianRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly user_uuid: string;
  readonly language_preference: string;
  readonly languages: readonly string[];
  readonly private_pool: string | null;
  readonly vacation_mode: boolean;
  readonly max_open_cases: number;
}

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
