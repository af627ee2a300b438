import { webcrypto } from 'node:crypto';
import type { JoseSigningKeys } from '../../../src/adapters/crypto/jose-signing-keys.ts';

/** Base64url of a text, or of octets. */
export const encoded = (text: string | Uint8Array): string => Buffer.from(text).toString('base64url');

/** A token of these very texts, signed with the current key: what only its shape can be refused for. */
export async function forge(
  signingKeys: JoseSigningKeys,
  now: Date,
  header: string | Uint8Array,
  payload: string | Uint8Array,
): Promise<string> {
  const { privateKey } = await signingKeys.current(now);
  const input = `${encoded(header)}.${encoded(payload)}`;
  const signature = await webcrypto.subtle.sign('Ed25519', privateKey, Buffer.from(input));
  return `${input}.${encoded(new Uint8Array(signature))}`;
}

/** The three parts of a token, decoded. */
export function partsOf(token: string): { header: string; payload: string; signature: Buffer } {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const decode = (part: string): Buffer => Buffer.from(part, 'base64url');
  return {
    header: decode(header).toString(),
    payload: decode(payload).toString(),
    signature: decode(signature),
  };
}
