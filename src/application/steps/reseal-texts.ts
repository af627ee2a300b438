import { DomainError } from '../../domain/shared/domain-error.ts';
import type { SealedText, TextCipher } from '../ports/security/text-cipher.ts';
import type {
  KeptText,
  ResealedText,
  SealedTextPosition,
  SealedTextStore,
} from '../ports/stores/sealed-text-store.ts';
import { placeOf } from './sealed-places.ts';

/** Unopened texts that are named; the others are only counted. */
const NAMED_UNOPENED = 20;

/** How far a long act has come. */
export interface ActProgress {
  readonly done: number;
  /** May change on the way, since others go on writing. */
  readonly total: number;
}

/** What sealing texts anew needs. */
export interface Resealing {
  readonly sealedTexts: SealedTextStore;
  readonly textCipher: TextCipher;
  readonly onProgress: (progress: ActProgress) => void;
}

/** Where a text is kept that does not open. */
export type UnopenedText = Pick<KeptText, 'column' | 'tenantId' | 'rowId'>;

/** What became of the texts under retired keys. */
export interface Resealed {
  /** Texts that were opened. */
  readonly opened: number;
  /** Those of them that are sealed under current keys now; the others had changed or gone meanwhile. */
  readonly resealed: number;
  /** Texts that do not open and were left as they are. */
  readonly unopened: number;
  /** The first of those. */
  readonly firstUnopened: readonly UnopenedText[];
}

/**
 * Seals every text under a retired key anew, each for its own place. While others go on writing, some may be passed over. It may be
 * broken off at any moment: whoever begins anew goes on with what is left.
 *
 * @param before how many were sealed anew already, for the progress
 */
export async function resealTexts(deps: Resealing, before: number): Promise<Resealed> {
  const result = { opened: 0, resealed: 0, unopened: 0, firstUnopened: [] as UnopenedText[] };
  let total = before + (await deps.sealedTexts.countUnderRetiredKeys());
  if (total === before) return result;
  let done = before;
  let after: SealedTextPosition | null = null;
  deps.onProgress({ done, total });
  do {
    const { texts, next } = await deps.sealedTexts.nextUnderRetiredKeys(after);
    const opened: ResealedText[] = [];
    for (const text of texts) {
      const resealed = await sealAnew(deps.textCipher, text);
      if (resealed) opened.push({ ...text, resealed });
      else if ((result.unopened += 1) <= NAMED_UNOPENED) result.firstUnopened.push(nameOf(text));
    }
    result.opened += opened.length;
    if (opened[0]) result.resealed += await deps.sealedTexts.replace(opened[0].column, opened);
    done += texts.length;
    total = Math.max(total, done);
    if (texts.length > 0) deps.onProgress({ done, total });
    after = next;
  } while (after !== null);
  return result;
}

/** @returns `null` where the text does not open */
async function sealAnew(textCipher: TextCipher, text: KeptText): Promise<SealedText | null> {
  const place = placeOf(text);
  let opened: string;
  try {
    opened = await textCipher.open(place, text.sealed);
  } catch (error) {
    // Keys that cannot be had now say nothing of the text.
    if (error instanceof DomainError) throw error;
    return null;
  }
  return textCipher.seal(place, opened);
}

const nameOf = ({ column, tenantId, rowId }: KeptText): UnopenedText => ({ column, tenantId, rowId });
