import type { AuditDetails } from '../../domain/audit/audit-entry.ts';
import type { Physician } from '../../domain/identity/physician.ts';

/** What the audit trail says of a physician: all that decides which cases come to him. */
export const physicianDetails = ({
  languages,
  privatePool,
  vacationMode,
  maxOpenCases,
}: Physician): AuditDetails => ({
  languages: languages.join(' '),
  privatePool,
  vacationMode,
  maxOpenCases,
});
