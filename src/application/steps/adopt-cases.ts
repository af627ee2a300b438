import { adopt } from '../../domain/cases/workflow.ts';
import type { User } from '../../domain/identity/user.ts';
import type { CaseId } from '../../domain/shared/ids.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { Stores } from '../ports/unit-of-work.ts';
import { caseActOf, caseChangeOf } from './case-change.ts';
import { receiptHash } from './receipt-hash.ts';

/** What adopting cases needs besides the stores. */
export interface Adopting {
  readonly idGenerator: IdGenerator;
  readonly keyedHash: KeyedHash;
}

/**
 * Makes anonymous cases a patient's, by receipts that count; within the unit of work in which he signs up, signs in, or asks for it. A
 * receipt that does not count is passed over, and somebody who is no patient adopts nothing.
 *
 * @returns the cases that became his
 */
export async function adoptCases(
  { idGenerator, keyedHash }: Adopting,
  { cases }: Pick<Stores, 'cases'>,
  { id: userId, role }: Pick<User, 'id' | 'role'>,
  receipts: readonly string[],
  now: Date,
): Promise<readonly CaseId[]> {
  const adopted: CaseId[] = [];
  if (receipts.length === 0 || role !== 'patient') return adopted;
  const patient = { kind: 'user', userId, role } as const;
  const hashes = receipts.map((receipt) => receiptHash(keyedHash, receipt));
  for (const caseId of await cases.spendReceipts(hashes, now)) {
    const found = await cases.find(caseId, { kind: 'tenant' });
    if (found?.patientId !== null) continue;
    const transition = adopt(found, userId, caseActOf(idGenerator, patient, now));
    const isSaved = await cases.save(caseChangeOf(idGenerator, patient, transition));
    if (!isSaved) throw new Error('A case was changed while it was held.');
    adopted.push(caseId);
  }
  return adopted;
}
