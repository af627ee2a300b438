import type { TenantId } from '../../../domain/shared/ids.ts';

/** The one place that a sealed text belongs to; a text moved to any other does not open. */
export interface SealedPlace {
  readonly tenantId: TenantId;
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

/** A text encrypted for its place. */
export interface SealedText {
  readonly keyId: string;
  /** Nonce, ciphertext and tag. */
  readonly bytes: Uint8Array;
}

/** Encrypts the text of cases: AES-256-GCM (NIST SP 800-38D) with the place as additional authenticated data. */
export interface TextCipher {
  readonly seal: (place: SealedPlace, text: string) => Promise<SealedText>;
  /** @throws {Error} when the text was changed, moved, or its key is missing: a fault, never a refusal */
  readonly open: (place: SealedPlace, sealed: SealedText) => Promise<string>;
}
