import { TokenInvalid } from '../../domain/access/errors.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { endLock, type LockEnding } from '../steps/end-lock.ts';
import { loadAccount } from '../steps/load-account.ts';
import { findToken, type TokenFinding } from '../steps/one-time-tokens.ts';

export interface UnlockAccountCommand {
  /** As it was mailed. */
  readonly token: string;
}

interface Dependencies extends TokenFinding, LockEnding {
  readonly idGenerator: IdGenerator;
  readonly unitOfWork: UnitOfWork<'users' | 'tenants' | 'secondFactors' | 'oneTimeTokens' | 'audit'>;
}

/** Ends the lock of an account by the token that its owner was mailed when it began. */
export class UnlockAccount {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * A token that could not be spent may have ended the lock already; it counts on.
   *
   * @throws {TokenInvalid}
   */
  async execute(command: UnlockAccountCommand): Promise<void> {
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const found = await findToken(this.#deps, command.token, ['unlock']);
    const account = found && (await loadAccount(unitOfWork, found.tenantId, found.userId));
    if (!account) throw new TokenInvalid();
    const { user, tenant } = account;
    const factors = await unitOfWork.stores(tenant.id).secondFactors.summary(user.id);
    // First, so that the link is not spent in vain where this fails: the counters are in no unit of work.
    await endLock(this.#deps, account, factors);
    const now = clock.now();
    const actor = { kind: 'anonymous', tenantId: tenant.id } as const;
    const act = {
      action: 'access.unlocked',
      subject: { type: 'user', id: user.id },
      details: { by: 'mail' },
    };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    const spent = await unitOfWork.run(tenant.id, async ({ oneTimeTokens, audit }) => {
      if (!(await oneTimeTokens.spend(found.hash, now))) return false;
      await audit.add(entry);
      return true;
    });
    if (!spent) throw new TokenInvalid();
  }
}
