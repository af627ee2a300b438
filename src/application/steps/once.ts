import { type Actor, auditActorOf } from '../../domain/access/actor.ts';
import { IdempotencyKeyInUse, IdempotencyKeyReused } from '../../domain/shared/errors.ts';
import { IDEMPOTENCY_SECONDS, type IdempotentRequest } from '../../domain/shared/idempotent-request.ts';
import { sameOctets } from '../../domain/shared/octets.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { IdempotencyRecord } from '../ports/stores/idempotency-key-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { Stores, UnitOfWork, Work } from '../ports/unit-of-work.ts';

/** What doing something once needs. */
export interface DoingOnce<Name extends keyof Stores> {
  readonly clock: Clock;
  readonly keyedHash: KeyedHash;
  readonly unitOfWork: UnitOfWork<Name | 'idempotencyKeys'>;
}

/** Who asks for what, and by which key he repeats it. */
export interface OnceRequest {
  readonly actor: Actor;
  /** Keys of different operations are different keys. */
  readonly operation: string;
  /** Without it the work is done each time. */
  readonly idempotency: IdempotentRequest | undefined;
}

/** Something that is ready to be kept. */
export interface Prepared<Name extends keyof Stores, Made> {
  readonly resourceId: string;
  readonly made: Made;
  /** Keeps it, in a unit of work of the actor's tenant. */
  readonly keep: Work<Name, void>;
  /** Whether `keep` is one statement of one store: by itself that needs no unit of work. */
  readonly isOneStatement?: true;
}

/** How something is made, and how it is found again. */
export interface Making<Name extends keyof Stores, Made> {
  /** Everything that has to be done before anything is kept: no unit of work waits for it. */
  readonly prepare: () => Prepared<Name, Made> | Promise<Prepared<Name, Made>>;
  /** What was made then, as it is now. `null` is a fault: what a key stands for outlives the key. */
  readonly recall: (resourceId: string) => Promise<Made | null>;
}

/**
 * Makes something, and for a repetition of the request finds what was made then. The key is kept together with what it stands for, so
 * that whatever was kept is found again even if nobody heard the answer, and a request that fails leaves its key free.
 *
 * @throws {IdempotencyKeyReused} where the key came with another request in the last {@link IDEMPOTENCY_SECONDS}
 * @throws {IdempotencyKeyInUse} where the first request is still under way
 */
export async function once<Name extends keyof Stores, Made>(
  doing: DoingOnce<Name>,
  { actor, operation, idempotency }: OnceRequest,
  { prepare, recall }: Making<Name, Made>,
): Promise<Made> {
  const { clock, keyedHash, unitOfWork } = doing;
  if (!idempotency) return makeAnew(unitOfWork, actor, await prepare());

  const request = hashesOf(keyedHash, actor, operation, idempotency);
  const { idempotencyKeys } = unitOfWork.stores(actor.tenantId);
  const earlier = await idempotencyKeys.find(request.keyHash, clock.now());
  if (earlier) return found(await recall(resourceOf(earlier, request)));

  const { resourceId, made, keep } = await prepare();
  const createdAt = clock.now();
  const expiresAt = addSeconds(createdAt, IDEMPOTENCY_SECONDS);
  const record = { ...request, tenantId: actor.tenantId, resourceId, createdAt, expiresAt };
  const claim = await unitOfWork.run(actor.tenantId, async (stores, elsewhere) => {
    const claimed = await stores.idempotencyKeys.claim(record);
    if (claimed.kind === 'claimed') await keep(stores, elsewhere);
    return claimed;
  });
  if (claim.kind === 'in-use') throw new IdempotencyKeyInUse();
  return claim.kind === 'claimed' ? made : found(await recall(resourceOf(claim.record, request)));
}

async function makeAnew<Name extends keyof Stores, Made>(
  unitOfWork: UnitOfWork<Name>,
  { tenantId }: Actor,
  { made, keep, isOneStatement }: Prepared<Name, Made>,
): Promise<Made> {
  if (isOneStatement) {
    await keep(unitOfWork.stores(tenantId), (id) => unitOfWork.stores(id));
  } else {
    await unitOfWork.run(tenantId, keep);
  }
  return made;
}

type RequestHashes = Pick<IdempotencyRecord, 'keyHash' | 'fingerprint'>;

/** The fingerprint is bound to the key: of two records nobody can tell whether their requests were alike. */
function hashesOf(
  keyedHash: KeyedHash,
  actor: Actor,
  operation: string,
  { key, fingerprint, sender }: IdempotentRequest,
): RequestHashes {
  const whose = [actor.tenantId, auditActorOf(actor), sender ?? null, operation, key];
  return {
    keyHash: keyedHash.of('idempotency-key', JSON.stringify(whose)),
    fingerprint: keyedHash.of('idempotency-fingerprint', JSON.stringify([...whose, fingerprint])),
  };
}

/** @throws {IdempotencyKeyReused} where the record is of another request */
function resourceOf({ fingerprint, resourceId }: IdempotencyRecord, request: RequestHashes): string {
  if (!sameOctets(fingerprint, request.fingerprint)) throw new IdempotencyKeyReused();
  return resourceId;
}

function found<Made>(made: Made | null): Made {
  if (made === null) throw new Error('What the key stands for is gone.');
  return made;
}
