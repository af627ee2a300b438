import { expect } from 'chai';
import type { IdempotencyClaim } from '../../../../src/application/ports/stores/idempotency-key-store.ts';
import type { Stores, UnitOfWork } from '../../../../src/application/ports/unit-of-work.ts';
import { once, type OnceRequest, type Prepared } from '../../../../src/application/steps/once.ts';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { IdempotencyKeyInUse, IdempotencyKeyReused } from '../../../../src/domain/shared/errors.ts';
import { DEFAULT_TENANT_ID } from '../../../../src/domain/shared/ids.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { SlugTaken } from '../../../../src/domain/tenancy/errors.ts';
import type { Tenant } from '../../../../src/domain/tenancy/tenant.ts';
import { aTenant, aUserActor, ANONYMOUS, NOW, systemOf } from '../../../support/builders.ts';
import { testAdapters } from '../../../support/memory/test-adapters.ts';
import { refusalOf } from '../../../support/refusal-of.ts';

const DAY = 24 * 3600;
const REQUEST = { key: 'the-key', fingerprint: 'the request' };

/** An installation in which tenants are made once, and what happened on the way. */
function installation() {
  const adapters = testAdapters({ now: NOW });
  const actor: Actor = aUserActor('admin');
  const did = { prepared: 0, recalled: 0 };
  let unitOfWork: UnitOfWork = adapters.unitOfWork;

  const prepared = (tenant: Tenant): Prepared<'tenants', Tenant> => ({
    resourceId: tenant.id,
    made: tenant,
    keep: ({ tenants }) => tenants.add(tenant),
  });
  const make = (
    given: Partial<OnceRequest> = {},
    tenant = aTenant(),
    more: Partial<Prepared<'tenants', Tenant>> = {},
  ): Promise<Tenant> =>
    once<'tenants', Tenant>(
      { ...adapters, unitOfWork },
      { actor, operation: 'tenancy.create-tenant', idempotency: REQUEST, ...given },
      {
        prepare: () => {
          did.prepared += 1;
          return { ...prepared(tenant), ...more };
        },
        recall: (id) => {
          did.recalled += 1;
          return adapters.unitOfWork.stores(DEFAULT_TENANT_ID).tenants.find(id);
        },
      },
    );
  return {
    ...adapters,
    did,
    make,
    actor,
    rows: () => adapters.database.read(({ idempotencyKeys }) => [...idempotencyKeys.values()]),
    tenants: () => adapters.database.read(({ tenants }) => [...tenants.values()].length - 1),
    replace: (wrap: (inner: UnitOfWork) => UnitOfWork) => {
      unitOfWork = wrap(adapters.unitOfWork);
    },
  };
}

/** The unit of work with some of its stores replaced within units. */
const within =
  (replace: (stores: Stores) => Partial<Stores>) =>
  (inner: UnitOfWork): UnitOfWork => ({
    stores: (tenantId) => inner.stores(tenantId),
    run: (tenantId, work) =>
      inner.run(tenantId, (stores, elsewhere) => work({ ...stores, ...replace(stores) }, elsewhere)),
  });

describe('Doing something once', () => {
  let here: ReturnType<typeof installation>;
  beforeEach(() => {
    here = installation();
  });

  describe('with a key', () => {
    it('makes it for the first request, and finds it for each repetition', async () => {
      const made = await here.make();
      expect(await here.make()).to.deep.equal(made);
      expect(await here.make()).to.deep.equal(made);
      expect(await here.tenants()).to.equal(1);
      expect(here.did).to.deep.equal({ prepared: 1, recalled: 2 });
    });

    it('finds it as it is now', async () => {
      const made = await here.make();
      const renamed = { ...made, name: 'Another name', version: made.version + 1 };
      await here.unitOfWork.stores(DEFAULT_TENANT_ID).tenants.save(renamed);
      expect(await here.make()).to.deep.equal(renamed);
    });

    it('makes one of many that come at once, and tells all of it', async () => {
      const made = await Promise.all(Array.from({ length: 20 }, () => here.make()));
      expect(new Set(made.map(({ id }) => id)).size).to.equal(1);
      expect(await here.tenants()).to.equal(1);
    });

    it('refuses another request, alone or at once with the first', async () => {
      const other = { idempotency: { ...REQUEST, fingerprint: 'another request' } };
      const outcomes = await Promise.allSettled([here.make(), here.make(other)]);
      expect(outcomes.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
      const first = outcomes[0].status === 'fulfilled' ? {} : other;
      expect((await here.make(first)).id).to.be.a('string');
      const second = outcomes[0].status === 'fulfilled' ? other : {};
      expect(await refusalOf(here.make(second))).to.be.instanceOf(IdempotencyKeyReused);
      expect(await here.tenants()).to.equal(1);
    });

    it('says so where the first request is still under way', async () => {
      const inUse: IdempotencyClaim = { kind: 'in-use' };
      here.replace(
        within(({ idempotencyKeys }) => ({
          idempotencyKeys: {
            find: (keyHash, now) => idempotencyKeys.find(keyHash, now),
            claim: () => Promise.resolve(inUse),
          },
        })),
      );
      const refusal = await refusalOf(here.make());
      expect(refusal).to.be.instanceOf(IdempotencyKeyInUse).with.property('retryAfterSeconds', 1);
      expect(await here.tenants()).to.equal(0);
    });

    it('leaves the key free where nothing could be prepared or kept', async () => {
      const taken = aTenant({ slug: 'default' });
      expect(await refusalOf(here.make({}, taken))).to.be.instanceOf(SlugTaken);
      expect(await here.rows()).to.deep.equal([]);
      const made = await here.make({ idempotency: { ...REQUEST, fingerprint: 'a better request' } });
      expect(await here.tenants()).to.equal(1);
      expect(made.slug).not.to.equal(taken.slug);
    });

    it('does it anew after 24 hours, and not a moment sooner', async () => {
      const made = await here.make();
      here.clock.advance(DAY - 0.001);
      expect(await here.make()).to.deep.equal(made);
      here.clock.advance(0.001);
      const next = await here.make({ idempotency: { ...REQUEST, fingerprint: 'another request' } });
      expect(next.id).not.to.equal(made.id);
      expect(await here.rows()).to.have.length(1);
    });

    it('keeps neither the key nor the request, and the record for 24 hours', async () => {
      const made = await here.make();
      const [row] = await here.rows();
      expect(row).to.have.all.keys(
        ...['keyHash', 'tenantId', 'fingerprint', 'resourceId', 'createdAt', 'expiresAt'],
      );
      expect(row).to.deep.include({ tenantId: DEFAULT_TENANT_ID, resourceId: made.id, createdAt: NOW });
      expect(row?.expiresAt).to.deep.equal(addSeconds(NOW, DAY));
      expect(row?.keyHash).to.have.length(32);
      expect(row?.fingerprint).to.have.length(32);
    });

    it('shows of two records not whether their requests were alike', async () => {
      await here.make();
      await here.make({ idempotency: { ...REQUEST, key: 'another-key' } });
      const [one, other] = await here.rows();
      expect(one?.fingerprint).not.to.deep.equal(other?.fingerprint);
    });

    it('fails where what was made is gone', async () => {
      const made = await here.make();
      await here.database.write((tables) => {
        tables.tenants.delete(made.id);
      });
      const failure = await here.make().catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(Error).with.property('message', 'What the key stands for is gone.');
    });
  });

  describe('the same key', () => {
    const others: Readonly<Record<string, Partial<OnceRequest>>> = {
      'of another account': { actor: aUserActor('admin') },
      'of the installation itself': { actor: systemOf(DEFAULT_TENANT_ID) },
      'of somebody without an account': { actor: ANONYMOUS },
      'for another operation': { operation: 'identity.create-user' },
    };
    for (const [whose, request] of Object.entries(others)) {
      it(`${whose} is another key`, async () => {
        const made = await here.make();
        const other = await here.make(request);
        expect(other.id).not.to.equal(made.id);
        expect(await here.make(request)).to.deep.equal(other);
        expect(await here.make()).to.deep.equal(made);
      });
    }

    it('of two senders without an account is two keys', async () => {
      const from = (sender: string) => ({ actor: ANONYMOUS, idempotency: { ...REQUEST, sender } });
      const made = await here.make(from('192.0.2.1'));
      const other = await here.make(from('192.0.2.2'));
      expect(other.id).not.to.equal(made.id);
      expect(await here.make(from('192.0.2.1'))).to.deep.equal(made);
    });

    it('of another tenant is another key', async () => {
      const tenant = aTenant();
      await here.unitOfWork.stores(DEFAULT_TENANT_ID).tenants.add(tenant);
      const made = await here.make({ actor: systemOf(DEFAULT_TENANT_ID) });
      const other = await here.make({ actor: systemOf(tenant.id) });
      expect(other.id).not.to.equal(made.id);
    });
  });

  describe('without a key', () => {
    it('does it each time, and keeps nothing besides', async () => {
      await here.make({ idempotency: undefined });
      await here.make({ idempotency: undefined });
      expect(await here.tenants()).to.equal(2);
      expect(await here.rows()).to.deep.equal([]);
    });

    it('begins no unit of work for what is one statement, and else one', async () => {
      let begun = 0;
      here.replace((inner) => ({
        stores: (tenantId) => inner.stores(tenantId),
        run: (tenantId, work) => {
          begun += 1;
          return inner.run(tenantId, work);
        },
      }));
      await here.make({ idempotency: undefined }, aTenant(), { isOneStatement: true });
      expect(begun).to.equal(0);
      await here.make({ idempotency: undefined });
      expect(begun).to.equal(1);
      await here.make({}, aTenant(), { isOneStatement: true });
      expect(begun).to.equal(2);
      expect(await here.tenants()).to.equal(3);
    });
  });
});
