import { accountDirectoryContract } from './account-directory.ts';
import { auditTrailContract } from './audit-trail.ts';
import { caseStoreContract } from './case-store.ts';
import { dataKeyStoreContract } from './data-key-store.ts';
import { failureCounterStoreContract } from './failure-counter-store.ts';
import { mfaResetStoreContract } from './mfa-reset-store.ts';
import { oneTimeTokenStoreContract } from './one-time-token-store.ts';
import { outboxContract } from './outbox.ts';
import { passkeyChallengeStoreContract } from './passkey-challenge-store.ts';
import { physicianStoreContract } from './physician-store.ts';
import { refreshTokenStoreContract } from './refresh-token-store.ts';
import { secondFactorStoreContract } from './second-factor-store.ts';
import { sessionStoreContract } from './session-store.ts';
import { signInChallengeStoreContract } from './sign-in-challenge-store.ts';
import { signingKeyStoreContract } from './signing-key-store.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';
import { tenantStoreContract } from './tenant-store.ts';
import { unitOfWorkContract } from './unit-of-work.ts';
import { userStoreContract } from './user-store.ts';

/** The contracts of all stores, for whoever brings all of them. */
export function everyStoreContract(name: string, open: OpenWorld<keyof StoreWorld>): void {
  userStoreContract(name, open);
  physicianStoreContract(name, open);
  tenantStoreContract(name, open);
  sessionStoreContract(name, open);
  refreshTokenStoreContract(name, open);
  failureCounterStoreContract(name, open);
  accountDirectoryContract(name, open);
  oneTimeTokenStoreContract(name, open);
  secondFactorStoreContract(name, open);
  signInChallengeStoreContract(name, open);
  passkeyChallengeStoreContract(name, open);
  mfaResetStoreContract(name, open);
  outboxContract(name, open);
  caseStoreContract(name, open);
  auditTrailContract(name, open);
  signingKeyStoreContract(name, open);
  dataKeyStoreContract(name, open);
  unitOfWorkContract(name, open);
}
