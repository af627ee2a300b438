import type { FinishedPasskeyRegistration } from '../../src/application/access/finish-passkey-registration.ts';
import type { Actor } from '../../src/domain/access/actor.ts';
import { TestPasskey, type TestPasskeyKind } from './memory/test-passkey.ts';
import type { World } from './world.ts';

/** A passkey of an account, and the device that holds it. */
export interface RegisteredPasskey extends FinishedPasskeyRegistration {
  readonly device: TestPasskey;
}

/** Gives the actor's account a passkey of this name. */
export async function registerPasskey(
  { app }: Pick<World, 'app'>,
  actor: Actor,
  name: string,
  kind?: TestPasskeyKind,
): Promise<RegisteredPasskey> {
  const device = new TestPasskey(name, kind);
  const options = await app.access.beginPasskeyRegistration.execute({ actor });
  const response = device.create(options);
  return { device, ...(await app.access.finishPasskeyRegistration.execute({ actor, response, name })) };
}
