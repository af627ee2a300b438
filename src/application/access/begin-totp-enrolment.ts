import type { Actor } from '../../domain/access/actor.ts';
import { Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeEnrolment } from '../../domain/access/policy.ts';
import type { TextCipher } from '../ports/security/text-cipher.ts';
import type { Totp, TotpEnrolment } from '../ports/security/totp.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { totpPlace } from '../steps/check-code.ts';
import { requireStepUp } from '../steps/require-step-up.ts';

export interface BeginTotpEnrolmentCommand {
  readonly actor: Actor;
}

/** What the person's authenticator app is to be given, shown this once. */
export interface BegunTotpEnrolment extends TotpEnrolment {
  /** base32; a secret. */
  readonly secret: string;
}

interface Dependencies {
  readonly clock: Clock;
  readonly textCipher: TextCipher;
  readonly totp: Totp;
  readonly unitOfWork: UnitOfWork<'users' | 'sessions' | 'secondFactors'>;
}

/** Makes a secret for an authenticator app (RFC 6238). It counts once its first code was confirmed; a former one counts until then. */
export class BeginTotpEnrolment {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {StepUpRequired} */
  async execute(command: BeginTotpEnrolmentCommand): Promise<BegunTotpEnrolment> {
    const actor = authorizeEnrolment(command.actor, 'factors.enrol');
    const { clock, textCipher, totp, unitOfWork } = this.#deps;
    const { tenantId, userId } = actor;
    await requireStepUp(this.#deps, actor);
    const { users, secondFactors } = unitOfWork.stores(tenantId);
    const user = await users.find(userId);
    if (!user) throw new Unauthenticated();
    const secret = totp.generateSecret();
    await secondFactors.putPendingTotp(
      userId,
      await textCipher.seal(totpPlace(tenantId, userId), secret),
      clock.now(),
    );
    return { secret, ...(await totp.enrolment(secret, user.email)) };
  }
}
