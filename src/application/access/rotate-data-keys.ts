import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type { DataKeyRotation } from '../ports/security/data-key-rotation.ts';
import type { TextCipher } from '../ports/security/text-cipher.ts';
import type { SealedTextStore } from '../ports/stores/sealed-text-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type ActProgress, type Resealed, resealTexts, type UnopenedText } from '../steps/reseal-texts.ts';

/** Seconds until whoever sealed a text with a former key, just before it was retired, has stored it. Texts that come are looked for again. */
const LATECOMER_SECONDS = 2;
/** Seconds from when the last key was retired until texts that are left count as stragglers, and not as a rotation that was broken off. */
const RESUMABLE_SECONDS = 3600;
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
  readonly unitOfWork: UnitOfWork<'audit'>;
}

/** Gives every tenant a new data key and seals all texts anew, while everybody goes on reading and writing them. */
export class RotateDataKeys {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * May be broken off at any moment: every text stays readable, and a run within the hour goes on with what is left under retired keys
   * instead of making further ones; a later one does both. It ends when none is left that opens: two seconds after it has sealed the last
   * one anew. A process that hears of the new keys goes on with them at once; one whose feed is down seals under the former ones for up to
   * a minute, and what it seals after the end is left for the next run. Keys that were retired a day ago and that no text needs are
   * destroyed (NIST SP 800-57 part 1, 8.3.4).
   *
   * @throws {Forbidden} for everybody but the installation itself
   * @throws {Unavailable} when keys or texts cannot be had
   */
  async execute(command: RotateDataKeysCommand): Promise<RotatedDataKeys> {
    const { actor, wait } = command;
    authorize(actor, 'keys.rotate');
    const begunAt = this.#deps.clock.now();
    let last = await this.#reseal(command, 0);
    let texts = last.resealed;
    const isResumed = last.opened > 0 && (await this.#isResumable(begunAt));
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
    if (tenants === 0 && texts > 0) await this.#tellResealed(actor, texts);
    const { unopened, firstUnopened } = last;
    const destroyedKeys = await this.#destroyKeys(actor);
    return { isResumed, tenants, texts, destroyedKeys, unopened, firstUnopened };
  }

  #reseal({ onProgress = () => undefined }: RotateDataKeysCommand, before: number): Promise<Resealed> {
    const { sealedTexts, textCipher } = this.#deps;
    return resealTexts({ sealedTexts, textCipher, onProgress }, before);
  }

  async #isResumable(begunAt: Date): Promise<boolean> {
    const retiredAt = await this.#deps.dataKeyRotation.lastRetirement();
    return retiredAt !== null && retiredAt >= addSeconds(begunAt, -RESUMABLE_SECONDS);
  }

  /** A run that makes keys tells of those; one that only finishes would leave no trace. */
  async #tellResealed(actor: Actor, texts: number): Promise<void> {
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const act = { action: 'access.data-keys-resealed', subject: null, details: { texts } };
    const entry = auditEntryOf(idGenerator, actor, act, clock.now());
    await unitOfWork.stores(actor.tenantId).audit.add(entry);
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
