import type { Actor } from '../../domain/access/actor.ts';
import { LastSecondFactor, Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { hasSecondFactor, mustHaveSecondFactor } from '../../domain/access/second-factor.ts';
import type { SecondFactorKind } from '../../domain/identity/account-mail.ts';
import { withFactorsChanged } from '../../domain/identity/user.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { SecondFactorStore } from '../ports/stores/second-factor-store.ts';
import type { Settings } from '../ports/system/settings.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import { loadAccount } from './load-account.ts';
import { noticeTo } from './notice-to.ts';
import type { MailWriting } from './outbox-mail.ts';
import { requireStepUp } from './require-step-up.ts';

/** What taking a second factor away needs. */
export interface FactorRemoving extends MailWriting {
  readonly settings: Settings;
  readonly unitOfWork: UnitOfWork<'users' | 'tenants' | 'sessions' | 'secondFactors' | 'outbox' | 'audit'>;
}

/** Which factor, and how it is taken away. */
export interface FactorRemoval {
  readonly factor: SecondFactorKind;
  /** Takes it away; `false` where the account has none such. */
  readonly remove: (secondFactors: SecondFactorStore, userId: UserId) => Promise<boolean>;
}

/**
 * Takes one of the actor's own second factors away, and tells him by mail. Recovery codes go with the last one. Of two that are taken
 * away at once, neither counts as the one that stays.
 *
 * @returns `false` where he has none such
 * @throws {StepUpRequired}
 * @throws {LastSecondFactor} where he must have one, and it is the last
 * @throws {UserConflict} where the account was changed meanwhile
 */
export async function removeFactor(
  deps: FactorRemoving,
  given: Actor,
  { factor, remove }: FactorRemoval,
): Promise<boolean> {
  const actor = authorizeUser(given, 'factors.remove');
  const { clock, idGenerator, settings, unitOfWork } = deps;
  await requireStepUp(deps, actor);
  const account = await loadAccount(unitOfWork, actor.tenantId, actor.userId);
  if (!account) throw new Unauthenticated();
  const { user, tenant } = account;
  const isNeeded = mustHaveSecondFactor(user.role, tenant, settings.signIn.secondFactor);
  const notice = await noticeTo(deps, user, { kind: 'second-factor-removed', factor });
  const subject = { type: 'user', id: user.id };
  const act = { action: 'access.second-factor-removed', subject, details: { factor } };
  const now = clock.now();
  const entry = auditEntryOf(idGenerator, actor, act, now);
  return unitOfWork.run(user.tenantId, async ({ users, secondFactors, outbox, audit }) => {
    if (!(await remove(secondFactors, user.id))) return false;
    await users.save(withFactorsChanged(user, now));
    if (!hasSecondFactor(await secondFactors.summary(user.id))) {
      if (isNeeded) throw new LastSecondFactor();
      await secondFactors.replaceRecoveryCodes(user.id, []);
    }
    await outbox.add(notice);
    await audit.add(entry);
    return true;
  });
}
