import type { Actor } from '../../src/domain/access/actor.ts';
import type { World } from './world.ts';

/** An authenticator app of an account. */
export interface EnrolledTotp {
  readonly recoveryCodes: readonly string[];
  /** The code that it shows now, or `drift` steps of 30 seconds later. */
  readonly code: (drift?: number) => string;
  /** A code that it does not show now, nor a step to either side. */
  readonly wrongCode: () => string;
}

/** Gives the actor's account an authenticator app. The code that it shows now is unused: the one before it confirmed it. */
export async function enrolTotp({ app, adapters, clock }: World, actor: Actor): Promise<EnrolledTotp> {
  const { totp } = adapters;
  const { secret } = await app.access.beginTotpEnrolment.execute({ actor });
  const code = (drift = 0): string => totp.codeAt(secret, clock.now(), drift);
  const { recoveryCodes } = await app.access.confirmTotpEnrolment.execute({ actor, code: code(-1) });
  return { recoveryCodes, code, wrongCode: () => totp.wrongCodeAt(secret, clock.now()) };
}
