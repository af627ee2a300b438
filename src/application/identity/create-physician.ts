import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import { NotAPhysician } from '../../domain/identity/errors.ts';
import { createPhysician, type NewPhysician, type Physician } from '../../domain/identity/physician.ts';
import type { IdempotentRequest } from '../../domain/shared/idempotent-request.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type DoingOnce, once, type Prepared } from '../steps/once.ts';
import { physicianDetails } from '../steps/physician-details.ts';

export interface CreatePhysicianCommand {
  readonly actor: Actor;
  readonly physician: Omit<NewPhysician, 'tenantId'>;
  /** Of a request that may be repeated. */
  readonly idempotency?: IdempotentRequest | undefined;
}

type Kept = 'users' | 'physicians' | 'audit';

interface Dependencies extends DoingOnce<Kept> {
  readonly idGenerator: IdGenerator;
}

/** Makes a giver of opinions of an account of role `physician`, on an admin's word. */
export class CreatePhysician {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Physician and audit entry are kept together or not at all.
   *
   * @returns `null` where the tenant has no such account
   * @throws {Forbidden} for whoever is no admin
   * @throws {NotAPhysician} where the account has another role, or is given one at the same time
   * @throws {PhysicianExists} where there is one for the account already, however many try at once
   * @throws {LanguageRejected}
   * @throws {TooManyLanguages}
   * @throws {PoolRejected}
   * @throws {CaseLimitRejected}
   * @throws {IdempotencyKeyReused}
   * @throws {IdempotencyKeyInUse}
   */
  async execute(command: CreatePhysicianCommand): Promise<Physician | null> {
    const actor = authorizeMember(command.actor, 'physicians.write');
    const { physician, idempotency } = command;
    const { users, physicians } = this.#deps.unitOfWork.stores(actor.tenantId);
    if (!(await users.find(physician.userId))) return null;
    return once<Kept, Physician>(
      this.#deps,
      { actor, operation: 'identity.create-physician', idempotency },
      {
        prepare: () => Promise.resolve(this.#prepare(actor, physician)),
        recall: (id) => physicians.find(id),
      },
    );
  }

  #prepare(actor: Actor, given: CreatePhysicianCommand['physician']): Prepared<Kept, Physician> {
    const { clock, idGenerator } = this.#deps;
    const now = clock.now();
    const made = createPhysician(idGenerator.next(), { ...given, tenantId: actor.tenantId }, now);
    const act = {
      action: 'identity.physician-created',
      subject: { type: 'physician', id: made.id },
      details: { userId: made.userId, ...physicianDetails(made) },
    };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    return {
      resourceId: made.id,
      made,
      keep: async ({ users, physicians, audit }) => {
        // Held until he is kept: whoever takes the role away meanwhile waits.
        if ((await users.lock(made.userId))?.role !== 'physician') throw new NotAPhysician();
        await physicians.add(made);
        await audit.add(entry);
      },
    };
  }
}
