import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type { DataKeyRotation } from '../ports/security/data-key-rotation.ts';
import type { TextCipher } from '../ports/security/text-cipher.ts';
import type { SealedTextStore } from '../ports/stores/sealed-text-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type ActProgress, type Resealed, resealTexts, type UnopenedText } from '../steps/reseal-texts.ts';

/** Seconds until whoever sealed a text with a former key, just before it was retired, has stored it. Texts that come are looked for again. */
const LATECOMER_SECONDS = 2;
/** Seconds for which a retired key is kept in any case: whoever read a text under it has opened that by then. */
const KEPT_SECONDS = 86_400;

export interface RotateDataKeysCommand {
  readonly actor: Actor;
  /** Waits so many seconds. */
  readonly wait: (seconds: number) => Promise<void>;
  /** Told how many texts have been sealed anew, after each batch. */
  readonly onProgress?: (progress: ActProgress) => void;
}

/** What a rotation did. */
export interface RotatedDataKeys {
  /** Whether it only finished a rotation that had been broken off. */
  readonly isResumed: boolean;
  /** Tenants that got a new key. */
  readonly tenants: number;
  /** Texts that were sealed anew. */
  readonly texts: number;
  /** Retired keys that nothing needed any more. */
  readonly destroyedKeys: number;
  /** Texts that do not open; they were left as they are, and so were their keys. */
  readonly unopened: number;
  /** Where the first of those are. */
  readonly firstUnopened: readonly UnopenedText[];
}

interface Dependencies {
  readonly clock: Clock;
  readonly dataKeyRotation: DataKeyRotation;
  readonly idGenerator: IdGenerator;
  readonly sealedTexts: SealedTextStore;
  readonly textCipher: TextCipher;
}

/** Gives every tenant a new data key and seals all texts anew, while everybody goes on reading and writing them. */
export class RotateDataKeys {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * May be broken off at any moment: every text stays readable, and the next run goes on with what is left under retired keys instead
   * of making further ones. It ends when none is left that opens: within two seconds of the last one that was sealed under a former key,
   * by a process that had not heard of the new one yet. Keys that were retired a day ago and that no text needs are destroyed (NIST SP
   * 800-57 part 1, 8.3.4).
   *
   * @throws {Forbidden} for everybody but the installation itself
   * @throws {Unavailable} when keys or texts cannot be had
   */
  async execute(command: RotateDataKeysCommand): Promise<RotatedDataKeys> {
    const { actor, wait } = command;
    authorize(actor, 'keys.rotate');
    let last = await this.#reseal(command, 0);
    let texts = last.resealed;
    const isResumed = last.opened > 0;
    const tenants = isResumed ? 0 : await this.#rotate(actor);
    if (tenants > 0) {
      last = await this.#reseal(command, texts);
      texts += last.resealed;
    }
    let isLate = isResumed || tenants > 0;
    while (isLate) {
      await wait(LATECOMER_SECONDS);
      last = await this.#reseal(command, texts);
      texts += last.resealed;
      isLate = last.opened > 0;
    }
    const { unopened, firstUnopened } = last;
    const destroyedKeys = await this.#destroyKeys(actor);
    return { isResumed, tenants, texts, destroyedKeys, unopened, firstUnopened };
  }

  #reseal({ onProgress = () => undefined }: RotateDataKeysCommand, before: number): Promise<Resealed> {
    const { sealedTexts, textCipher } = this.#deps;
    return resealTexts({ sealedTexts, textCipher, onProgress }, before);
  }

  async #rotate(actor: Actor): Promise<number> {
    const { clock, dataKeyRotation, idGenerator } = this.#deps;
    const now = clock.now();
    const act = { action: 'access.data-keys-rotated', subject: null };
    return dataKeyRotation.rotate(now, auditEntryOf(idGenerator, actor, act, now));
  }

  async #destroyKeys(actor: Actor): Promise<number> {
    const { clock, dataKeyRotation, idGenerator } = this.#deps;
    const now = clock.now();
    let destroyed = 0;
    for (const key of await dataKeyRotation.listRetiredBefore(addSeconds(now, -KEPT_SECONDS))) {
      const subject = { type: 'data-key', id: key.id };
      const act = { action: 'access.data-key-destroyed', subject, details: { tenant: key.tenantId } };
      const isDestroyed = await dataKeyRotation.destroy(key, auditEntryOf(idGenerator, actor, act, now));
      if (isDestroyed) destroyed += 1;
    }
    return destroyed;
  }
}
