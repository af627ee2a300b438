import type { IdempotentRequest } from '../../domain/shared/idempotent-request.ts';
import { canonicalJson } from './canonical-json.ts';
import { countingKeyOf } from './counting-key-of.ts';
import type { Call } from './route.ts';
import { IdempotencyHeaders } from './schemas/idempotency-headers.ts';

/**
 * How the sender of a parsed request repeats it. The same request is one with the same path, query and body, as their schemas gave
 * them: blanks and the order of fields do not matter.
 *
 * @returns `undefined` where he sent no key
 */
export function idempotentRequestOf(call: Omit<Call, 'idempotency'>): IdempotentRequest | undefined {
  const { actor, body, client, headers, params, query } = call;
  const { 'idempotency-key': key } = IdempotencyHeaders.parse(headers);
  if (key === undefined) return undefined;
  const fingerprint = canonicalJson({ params, query, body });
  return actor.kind === 'anonymous'
    ? { key, fingerprint, sender: countingKeyOf(actor, client.address) }
    : { key, fingerprint };
}
