import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { accountCounterKey } from '../steps/failure-counter-key.ts';

export interface UnlockUserCommand {
  readonly actor: Actor;
  readonly userId: UserId;
}

interface Dependencies {
  readonly clock: Clock;
  readonly failureCounters: FailureCounterStore;
  readonly idGenerator: IdGenerator;
  readonly keyedHash: KeyedHash;
  readonly unitOfWork: UnitOfWork<'users' | 'tenants' | 'audit'>;
}

/** Ends the lock of an account, on an admin's word. */
export class UnlockUser {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Harmless where there is no lock.
   *
   * @returns `false` where the tenant has no such account
   * @throws {Forbidden} for whoever is no admin
   */
  async execute(command: UnlockUserCommand): Promise<boolean> {
    const actor = authorizeMember(command.actor, 'users.write');
    const { clock, failureCounters, idGenerator, keyedHash, unitOfWork } = this.#deps;
    const { users, tenants, audit } = unitOfWork.stores(actor.tenantId);
    const [user, tenant] = await Promise.all([users.find(command.userId), tenants.find(actor.tenantId)]);
    if (!user || !tenant) return false;
    const subject = { type: 'user', id: user.id };
    const act = { action: 'access.unlocked', subject, details: { by: 'admin' } };
    await audit.add(auditEntryOf(idGenerator, actor, act, clock.now()));
    await failureCounters.clear(accountCounterKey(keyedHash, { user, tenant }));
    return true;
  }
}
