import { normalRecoveryCode } from '../../domain/access/recovery-code.ts';
import type { User } from '../../domain/identity/user.ts';
import type { TenantId, UserId } from '../../domain/shared/ids.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { SealedPlace, TextCipher } from '../ports/security/text-cipher.ts';
import type { Totp } from '../ports/security/totp.ts';
import type { SecondFactorStore } from '../ports/stores/second-factor-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** What somebody typed: the code of an authenticator app, or a recovery code. */
export type TypedCode = { readonly code: string } | { readonly recoveryCode: string };

/** What holding a code against an account needs. */
export interface CodeChecking {
  readonly clock: Clock;
  readonly keyedHash: KeyedHash;
  readonly textCipher: TextCipher;
  readonly totp: Totp;
  readonly unitOfWork: UnitOfWork<'secondFactors'>;
}

/** Uses up a code that seems right; `false` where it was used before, or is wrong after all. */
export type UseCode = (secondFactors: SecondFactorStore) => Promise<boolean>;

/** The place that an authenticator app's secret is sealed for. */
export const totpPlace = (tenantId: TenantId, userId: UserId): SealedPlace => ({
  tenantId,
  table: 'totp_factors',
  column: 'secret',
  rowId: userId,
});

/** The stored form of an account's recovery code: 32 octets. */
export const recoveryCodeHash = (keyedHash: KeyedHash, userId: UserId, typed: string): Uint8Array =>
  keyedHash.of('recovery-code', `${userId}\n${normalRecoveryCode(typed)}`);

/**
 * Holds a code against an account's second factors. It counts only once it was used up, which the caller does, with whatever it
 * brings about.
 *
 * @returns `null` where it is certainly wrong
 */
export async function checkCode(deps: CodeChecking, user: User, typed: TypedCode): Promise<UseCode | null> {
  if ('recoveryCode' in typed) {
    const hash = recoveryCodeHash(deps.keyedHash, user.id, typed.recoveryCode);
    return (secondFactors) => secondFactors.useRecoveryCode(user.id, hash);
  }
  const step = await totpStep(deps, user, typed.code);
  if (step === null) return null;
  return (secondFactors) => secondFactors.useTotpStep(user.id, step);
}

async function totpStep(
  { clock, textCipher, totp, unitOfWork }: CodeChecking,
  { id, tenantId }: User,
  code: string,
): Promise<number | null> {
  const secrets = await unitOfWork.stores(tenantId).secondFactors.findTotp(id);
  if (!secrets?.confirmed) return null;
  const secret = await textCipher.open(totpPlace(tenantId, id), secrets.confirmed);
  return totp.matchingStep(secret, code, clock.now());
}
