import type { SystemActor } from '../../domain/access/actor.ts';
import type { SigningKeyInfo, SigningKeys } from '../ports/security/signing-keys.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';

export interface RotateSigningKeysCommand {
  /** Only the installation itself rotates keys. */
  readonly actor: SystemActor;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly signingKeys: SigningKeys;
  readonly unitOfWork: UnitOfWork<'audit'>;
}

/** Lets a new key sign access tokens from now on; tokens of the former one count until they expire. */
export class RotateSigningKeys {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** The entry is written first: a rotation that cannot be audited does not happen. */
  async execute({ actor }: RotateSigningKeysCommand): Promise<SigningKeyInfo> {
    const { clock, idGenerator, signingKeys, unitOfWork } = this.#deps;
    const now = clock.now();
    const entry = auditEntryOf(
      idGenerator,
      actor,
      { action: 'access.signing-keys-rotated', subject: null },
      now,
    );
    await unitOfWork.stores(actor.tenantId).audit.add(entry);
    return signingKeys.rotate(now);
  }
}
