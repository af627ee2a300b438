import type { EnrollingActor } from '../../domain/access/actor.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { findToken, type TokenFinding } from '../steps/one-time-tokens.ts';

export interface AuthenticateEnrolmentCommand {
  /** The enrolment token as it was presented. */
  readonly token: string;
}

interface Dependencies extends TokenFinding {
  readonly unitOfWork: UnitOfWork<'users'>;
}

/** Tells who is behind an enrolment token: somebody whose password was right, and who has yet to enrol a second factor. */
export class AuthenticateEnrolment {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @returns `null` where the token does not count (any more), or its account is disabled */
  async execute(command: AuthenticateEnrolmentCommand): Promise<EnrollingActor | null> {
    const found = await findToken(this.#deps, command.token, ['factor-enrolment']);
    if (!found) return null;
    const { tenantId, userId, hash } = found;
    const user = await this.#deps.unitOfWork.stores(tenantId).users.find(userId);
    return user?.isActive ? { kind: 'enrolling', tenantId, userId, tokenHash: hash } : null;
  }
}
