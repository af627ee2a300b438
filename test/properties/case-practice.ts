import { randomBytes } from 'node:crypto';
import { AesGcmTextCipher } from '../../src/adapters/crypto/aes-gcm-text-cipher.ts';
import { EnvelopeKeyProvider } from '../../src/adapters/crypto/envelope-key-provider.ts';
import { MasterKey } from '../../src/adapters/crypto/master-key.ts';
import { UuidV7Generator } from '../../src/adapters/system/uuid-v7-generator.ts';
import type { Application } from '../../src/application/application.ts';
import type { UserActor } from '../../src/domain/access/actor.ts';
import type { Physician } from '../../src/domain/identity/physician.ts';
import type { Role } from '../../src/domain/identity/user.ts';
import { DEFAULT_TENANT_ID } from '../../src/domain/shared/ids.ts';
import { compose } from '../../src/main/compose.ts';
import type { StoreWorld } from '../contracts/stores/store-world.ts';
import { anId, NOW, systemOf } from '../support/builders.ts';
import { testAdapters } from '../support/memory/test-adapters.ts';

/** A physician of the practice, as somebody who acts. */
export interface ActingPhysician {
  readonly actor: UserActor;
  readonly physician: Physician;
}

/** A tenant with a closed pool that overflows, its people, and the practice's physicians; all of them act by themselves. */
export type CasePractice = Awaited<ReturnType<typeof casePractice>>;

/** The same for every practice: those of one world share the data keys of the default tenant. */
const MASTER_KEY = new MasterKey(new Uint8Array(32).fill(1));

/** The use cases on the stores of a world, with a clock that is moved by hand. */
function composeOn(world: StoreWorld) {
  const adapters = testAdapters({ now: NOW });
  const idGenerator = new UuidV7Generator();
  const keyProvider = new EnvelopeKeyProvider({
    dataKeys: world.dataKeyStore,
    masterKey: MASTER_KEY,
    idGenerator,
    clock: adapters.clock,
  });
  const { accountDirectory, caseTimers, unitOfWork } = world;
  const textCipher = new AesGcmTextCipher(keyProvider);
  const app = compose({ ...adapters, idGenerator, textCipher, accountDirectory, caseTimers, unitOfWork });
  return { app, clock: adapters.clock };
}

async function actorOf(app: Application, tenantId: string, role: Role): Promise<UserActor> {
  const email = `${randomBytes(6).toString('hex')}@example.org`;
  const user = await app.identity.createUser.execute({ actor: systemOf(tenantId), role, email });
  return { kind: 'user', userId: user.id, tenantId, sessionId: anId(), role, amr: ['pwd'], authTime: NOW };
}

async function physicianOf(
  app: Application,
  tenantId: string,
  given: { readonly privatePool: string | null; readonly maxOpenCases: number },
  language = 'en',
): Promise<ActingPhysician> {
  const actor = await actorOf(app, tenantId, 'physician');
  const physician = await app.identity.createPhysician.execute({
    actor: systemOf(tenantId),
    physician: { userId: actor.userId, languagePreference: language, ...given },
  });
  if (!physician) throw new Error('The account of the physician is not there.');
  return { actor, physician };
}

/** A new practice on a world. Others of the same world have tenants and people of their own. */
export async function casePractice(world: StoreWorld) {
  const { app, clock } = composeOn(world);
  const slug = `t-${randomBytes(6).toString('hex')}`;
  const pool = `pool-${slug}`;
  const tenant = await app.tenancy.createTenant.execute({
    actor: systemOf(DEFAULT_TENANT_ID),
    tenant: { slug, name: 'A tenant', privatePool: pool, allowOverflow: true },
  });
  const stranger = await app.tenancy.createTenant.execute({
    actor: systemOf(DEFAULT_TENANT_ID),
    tenant: { slug: `${slug}-other`, name: 'Another tenant' },
  });
  return {
    app,
    clock,
    world,
    tenantId: tenant.id,
    patients: [await actorOf(app, tenant.id, 'patient'), await actorOf(app, tenant.id, 'patient')],
    admin: await actorOf(app, tenant.id, 'admin'),
    physicians: [
      await physicianOf(app, tenant.id, { privatePool: pool, maxOpenCases: 1 }),
      await physicianOf(app, DEFAULT_TENANT_ID, { privatePool: pool, maxOpenCases: 2 }),
      await physicianOf(app, DEFAULT_TENANT_ID, { privatePool: null, maxOpenCases: 1 }),
    ],
    /** Whose cases these never are: of a third tenant, and of the practice in another language. */
    strangers: [
      await physicianOf(app, stranger.id, { privatePool: pool, maxOpenCases: 9 }),
      await physicianOf(app, DEFAULT_TENANT_ID, { privatePool: pool, maxOpenCases: 9 }, 'ru'),
    ],
  };
}
