import type { EnrollingActor, UserActor } from '../../domain/access/actor.ts';
import { Unauthenticated } from '../../domain/access/errors.ts';
import { RECOVERY_CODES } from '../../domain/access/second-factor.ts';
import type { AuthenticationMethod } from '../../domain/access/session.ts';
import type { SecondFactorKind } from '../../domain/identity/account-mail.ts';
import { type User, withFactorsChanged } from '../../domain/identity/user.ts';
import type { SecretGenerator } from '../ports/security/secret-generator.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { Stores } from '../ports/unit-of-work.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import { recoveryCodeHash } from './check-code.ts';
import { noticeTo } from './notice-to.ts';
import type { MailWriting } from './outbox-mail.ts';

/** What completing an enrolment needs besides its stores. */
export interface EnrolmentCompleting extends MailWriting {
  readonly secretGenerator: SecretGenerator;
}

/** An enrolment whose proof was right. */
export interface Enrolment {
  readonly actor: UserActor | EnrollingActor;
  readonly user: User;
  readonly factor: SecondFactorKind;
  /** What the proof adds to the session of whoever is signed in. */
  readonly added: readonly AuthenticationMethod[];
  /** Whether the account is given new recovery codes, instead of all that it has. */
  readonly withRecoveryCodes: boolean;
}

/** An enrolment that is ready to be kept. */
export interface PreparedEnrolment {
  /** Shown this once; none where the account keeps those that it has. */
  readonly recoveryCodes: readonly string[];
  /**
   * Keeps recovery codes, session, notice and audit entry, and spends the enrolment token.
   *
   * @throws {Unauthenticated} where that was spent, or the session is over: nothing is to be kept then
   * @throws {UserConflict} where the account was changed meanwhile, by another enrolment for one
   */
  readonly keep: (
    stores: Pick<Stores, 'users' | 'secondFactors' | 'sessions' | 'oneTimeTokens' | 'outbox' | 'audit'>,
  ) => Promise<void>;
}

/** Prepares the second half of an enrolment, the same for every kind of factor. */
export async function prepareEnrolment(
  deps: EnrolmentCompleting,
  { actor, user, factor, added, withRecoveryCodes }: Enrolment,
): Promise<PreparedEnrolment> {
  const { clock, idGenerator, keyedHash, secretGenerator } = deps;
  const now = clock.now();
  const recoveryCodes = withRecoveryCodes
    ? Array.from({ length: RECOVERY_CODES }, () => secretGenerator.recoveryCode())
    : [];
  const hashes = recoveryCodes.map((code) => recoveryCodeHash(keyedHash, user.id, code));
  const notice: OutboxEntry = await noticeTo(deps, user, { kind: 'second-factor-added', factor });
  const subject = { type: 'user', id: user.id };
  const act = { action: 'access.second-factor-added', subject, details: { factor } };
  const entry = auditEntryOf(idGenerator, actor, act, now);
  return {
    recoveryCodes,
    keep: async ({ users, secondFactors, sessions, oneTimeTokens, outbox, audit }) => {
      const counts =
        actor.kind === 'enrolling'
          ? await oneTimeTokens.spend(actor.tokenHash, now)
          : (await sessions.elevate(user.id, actor.sessionId, added, now)) !== null;
      if (!counts) throw new Unauthenticated();
      await users.save(withFactorsChanged(user, now));
      if (withRecoveryCodes) await secondFactors.replaceRecoveryCodes(user.id, hashes);
      await oneTimeTokens.revoke(user.id, ['factor-enrolment']);
      await outbox.add(notice);
      await audit.add(entry);
    },
  };
}
