import { z } from 'zod';
import { Base64Url } from './base64url.ts';

/** What is read of `CollectedClientData` (WebAuthn Level 3, section 5.8.1) before the library reads it. */
const ClientData = z.object({
  challenge: Base64Url,
  crossOrigin: z.boolean().optional(),
  topOrigin: z.string().optional(),
});

/** What a browser says of the page that asked. */
export type ClientData = z.infer<typeof ClientData>;

/**
 * Reads `clientDataJSON`; nothing of it has been verified.
 *
 * @param base64url canonical
 * @returns `null` where it is no UTF-8, no JSON, or not of the right shape
 */
export function clientDataOf(base64url: string): ClientData | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64url, 'base64url'));
    return ClientData.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
