import type { Actor, SystemActor, UserActor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import { OPENING_PURPOSES } from '../../domain/access/one-time-token.ts';
import { lifetimeOf } from '../../domain/access/session.ts';
import { LastAdmin } from '../../domain/identity/errors.ts';
import {
  changeUser,
  isActiveAdmin,
  isActivePhysician,
  type User,
  type UserChanges,
} from '../../domain/identity/user.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Settings } from '../ports/system/settings.ts';
import type { Stores, UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type RelievingStores, reinstatePhysician, relievePhysician } from '../steps/relieve-physician.ts';

export interface UpdateUserCommand {
  readonly actor: Actor;
  readonly userId: UserId;
  readonly changes: UserChanges;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly settings: Settings;
  readonly unitOfWork: UnitOfWork<'users' | 'physicians' | 'cases' | 'sessions' | 'oneTimeTokens' | 'audit'>;
}

/**
 * Changes the role of an account, or disables and enables it. Access tokens made before are refused within a second; a disabled
 * account's sessions end, with what was begun in them, a changed role is in the next refreshed token, and its sessions live no longer
 * than the new role's. The cases of a physician who is disabled, or is none any more, go back in the same unit of work.
 */
export class UpdateUser {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where the tenant has no such account
   * @throws {Forbidden} for whoever is no admin
   * @throws {LastAdmin} where it would leave the tenant without an active admin, however many try at once
   * @throws {UserConflict} where the account was changed meanwhile
   */
  async execute(command: UpdateUserCommand): Promise<User | null> {
    const actor = authorizeMember(command.actor, 'users.write');
    const { clock, idGenerator, unitOfWork } = this.#deps;
    return unitOfWork.run(actor.tenantId, async (stores, elsewhere) => {
      const { users, audit } = stores;
      const user = await users.find(command.userId);
      if (!user) return null;
      const now = clock.now();
      const changed = changeUser(user, command.changes, now);
      if (changed === user) return user;
      if (isActiveAdmin(user) && !isActiveAdmin(changed)) {
        const admins = await users.listActiveAdminsForUpdate();
        if (!admins.some((id) => id !== user.id)) throw new LastAdmin();
      }
      await users.save(changed);
      await this.#limitSessions(stores, user, changed);
      await this.#moveCases({ stores, elsewhere }, actor, user, changed);
      const { role, isActive } = changed;
      const act = {
        action: 'identity.user-changed',
        subject: { type: 'user', id: user.id },
        details: { role, isActive },
      };
      await audit.add(auditEntryOf(idGenerator, actor, act, now));
      return changed;
    });
  }

  /** The account was saved first: whoever gives the physician a case meanwhile waits for it, and then sees what it is now. */
  async #moveCases(
    { stores, elsewhere }: RelievingStores<'cases' | 'physicians'>,
    actor: UserActor | SystemActor,
    before: User,
    after: User,
  ): Promise<void> {
    const isBack = isActivePhysician(after);
    if (isActivePhysician(before) === isBack) return;
    const physician = await stores.physicians.findByUser(after.id);
    if (!physician || (isBack && physician.vacationMode)) return;
    const move = isBack ? reinstatePhysician : relievePhysician;
    await move(this.#deps, { stores, elsewhere }, actor, physician.id, after.updatedAt);
  }

  async #limitSessions(
    { sessions, oneTimeTokens }: Pick<Stores, 'sessions' | 'oneTimeTokens'>,
    before: User,
    { id, role, isActive, updatedAt: now }: User,
  ): Promise<void> {
    const { sessionLifetimes, signIn } = this.#deps.settings;
    await sessions.limitAll(id, lifetimeOf(role, sessionLifetimes), now);
    if (!isActive) await sessions.endAll(id, 'account-disabled', now, null);
    await oneTimeTokens.revoke(id, isActive ? ['factor-enrolment'] : OPENING_PURPOSES);
    // Opened while the password alone was enough.
    if (signIn.secondFactor === 'staff' && before.role === 'patient' && role !== 'patient') {
      await sessions.endAll(id, 'second-factor-required', now, null);
    }
  }
}
