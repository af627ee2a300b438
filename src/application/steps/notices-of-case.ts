import type { CaseMail } from '../../domain/cases/case-mail.ts';
import type { Case } from '../../domain/cases/case.ts';
import type { Physician } from '../../domain/identity/physician.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { caseNotices } from './case-notices.ts';
import type { MailWriting } from './outbox-mail.ts';

/** What writing mails about cases needs. */
export interface CaseNoticing extends MailWriting {
  readonly unitOfWork: UnitOfWork<'users'>;
}

/** A mail to the patient of a case; none where it is anonymous, or his account is disabled. */
export async function noticesToPatient(
  noticing: CaseNoticing,
  { patientId, tenantId }: Pick<Case, 'patientId' | 'tenantId'>,
  content: CaseMail,
): Promise<readonly OutboxEntry[]> {
  if (patientId === null) return [];
  const patient = await noticing.unitOfWork.stores(tenantId).users.find(patientId);
  return patient?.isActive ? caseNotices(noticing, [patient], content) : [];
}

/** A mail to a physician, whose tenant need not be the case's. */
export async function noticesToPhysician(
  noticing: CaseNoticing,
  { tenantId, userId }: Physician,
  content: CaseMail,
): Promise<readonly OutboxEntry[]> {
  const user = await noticing.unitOfWork.stores(tenantId).users.find(userId);
  return user ? caseNotices(noticing, [user], content) : [];
}

/** A mail to every active admin of the case's tenant. */
export async function noticesToAdmins(
  noticing: CaseNoticing,
  { tenantId }: Pick<Case, 'tenantId'>,
  content: CaseMail,
): Promise<readonly OutboxEntry[]> {
  const admins = await noticing.unitOfWork.stores(tenantId).users.listActiveAdmins();
  return caseNotices(noticing, admins, content);
}
