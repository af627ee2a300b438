import type { Actor } from '../../domain/access/actor.ts';
import { Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { withLanguage } from '../../domain/identity/user.ts';
import type { Language } from '../../domain/shared/language.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type Profile, readProfile } from '../steps/read-profile.ts';

export interface UpdateProfileCommand {
  readonly actor: Actor;
  readonly language?: Language | undefined;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly unitOfWork: UnitOfWork<'users' | 'physicians' | 'audit'>;
}

/** Changes what a person may change of his own account: its language. */
export class UpdateProfile {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws {LanguageRejected}
   * @throws {Unauthenticated} where the account does not exist any more
   * @throws {UserConflict} where it was changed meanwhile
   */
  async execute(command: UpdateProfileCommand): Promise<Profile> {
    const actor = authorizeUser(command.actor, 'account.write');
    const { clock, idGenerator, unitOfWork } = this.#deps;
    return unitOfWork.run(actor.tenantId, async ({ users, physicians, audit }) => {
      const profile = await readProfile({ users, physicians }, actor.userId);
      if (!profile) throw new Unauthenticated();
      if (command.language === undefined) return profile;
      const { user } = profile;
      const now = clock.now();
      const changed = withLanguage(user, command.language, now);
      const act = { action: 'identity.profile-changed', subject: { type: 'user', id: user.id } };
      await users.save(changed);
      await audit.add(auditEntryOf(idGenerator, actor, act, now));
      return { ...profile, user: changed };
    });
  }
}
