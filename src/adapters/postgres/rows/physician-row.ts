import type { Physician } from '../../../domain/identity/physician.ts';
import type { Columns } from '../columns.ts';

/** A row of `physicians`. */
export interface PhysicianRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly user_uuid: string;
  readonly language_preference: string;
  readonly languages: readonly string[];
  readonly private_pool: string | null;
  readonly vacation_mode: boolean;
  readonly max_open_cases: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: number;
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
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  version: 'integer',
};

/** The row of a physician. */
export const rowOfPhysician = (physician: Physician): PhysicianRow => ({
  uuid: physician.id,
  tenant_uuid: physician.tenantId,
  user_uuid: physician.userId,
  language_preference: physician.languagePreference,
  languages: physician.languages,
  private_pool: physician.privatePool,
  vacation_mode: physician.vacationMode,
  max_open_cases: physician.maxOpenCases,
  created_at: physician.createdAt,
  updated_at: physician.updatedAt,
  version: physician.version,
});

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
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
});
