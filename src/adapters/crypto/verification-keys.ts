import { createPublicKey } from 'node:crypto';
import type { JWK } from 'jose';
import { z } from 'zod';

/** How statements may be signed: with a private key that has a public half (RFC 7518, section 3.1; RFC 8037, section 3.1). */
export const STATEMENT_ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'RS256', 'PS256'] as const;

/** Bits (RFC 7518, section 3.3). */
const MIN_RSA_BITS = 2048;
const CURVES = new Set(['Ed25519', 'P-256', 'P-384']);

/** The members of a JWK of which somebody who knows them can sign (RFC 7517, section 9.2; RFC 7518, section 6). */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;

const KeySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

const text = z.string().optional();
/** What is kept of a key: its public half, and what it says it is for. */
const PublicKey = z.object({
  kty: z.enum(['OKP', 'EC', 'RSA']),
  crv: text,
  x: text,
  y: text,
  n: text,
  e: text,
  kid: text,
  alg: z.enum(STATEMENT_ALGORITHMS).optional(),
  use: z.literal('sig').optional(),
  key_ops: z.tuple([z.literal('verify')]).optional(),
});

/** The keys of a JWK set that signatures may be verified with. */
export interface VerificationKeys {
  readonly keys: JWK[];
  /** Whether the set holds keys that anybody could sign with who reads it; they do not count. */
  readonly holdsSecrets: boolean;
}

/**
 * Picks the keys of a JWK set (RFC 7517, section 5) that verify signatures of {@link STATEMENT_ALGORITHMS}, without anything but their
 * public halves.
 *
 * @returns `null` for what is no JWK set
 */
export function verificationKeys(set: unknown): VerificationKeys | null {
  const parsed = KeySet.safeParse(set);
  if (!parsed.success) return null;
  const isSecret = (jwk: object): boolean => SECRET_MEMBERS.some((member) => Object.hasOwn(jwk, member));
  const open = parsed.data.keys.filter((jwk) => !isSecret(jwk));
  return {
    keys: open.flatMap((jwk) => verificationKey(jwk) ?? []),
    holdsSecrets: open.length < parsed.data.keys.length,
  };
}

/** @returns `null` for keys of other kinds, for other purposes, too weak, or broken */
function verificationKey(jwk: unknown): JWK | null {
  const parsed = PublicKey.safeParse(jwk);
  if (!parsed.success) return null;
  const key = Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key, format: 'jwk' });
    const { modulusLength } = asymmetricKeyDetails ?? {};
    const isStrong =
      modulusLength === undefined ? CURVES.has(parsed.data.crv ?? '') : modulusLength >= MIN_RSA_BITS;
    return isStrong ? key : null;
  } catch {
    return null;
  }
}
