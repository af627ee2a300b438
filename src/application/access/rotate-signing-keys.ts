import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import type { SigningKeyInfo, SigningKeys } from '../ports/security/signing-keys.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';

export interface RotateSigningKeysCommand {
  readonly actor: Actor;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly signingKeys: SigningKeys;
}

/** Lets a new key sign access tokens from now on; tokens of the former one count until they expire. */
export class RotateSigningKeys {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * The key and its audit entry are kept together or not at all.
   *
   * @throws {Forbidden} for everybody but the installation itself
   */
  async execute({ actor }: RotateSigningKeysCommand): Promise<SigningKeyInfo> {
    authorize(actor, 'keys.rotate');
    const { clock, idGenerator, signingKeys } = this.#deps;
    const now = clock.now();
    const entry = auditEntryOf(
      idGenerator,
      actor,
      { action: 'access.signing-keys-rotated', subject: null },
      now,
    );
    return signingKeys.rotate(now, entry);
  }
}
