import { expect } from 'chai';
import fc from 'fast-check';
import { DueHoursRejected, SlugRejected, TenantPoolRejected } from '../../../../src/domain/tenancy/errors.ts';
import {
  changeTenant,
  createTenant,
  SLUG_PATTERN,
  type Tenant,
  type TenantChanges,
} from '../../../../src/domain/tenancy/tenant.ts';
import { aTenant, NOW } from '../../../support/builders.ts';

describe('A tenant', () => {
  it('needs a slug and a name only; the rest has defaults that restrict nobody', () => {
    expect(createTenant('tenant', { slug: 'clinic', name: 'The clinic' }, NOW)).to.deep.equal({
      id: 'tenant',
      slug: 'clinic',
      name: 'The clinic',
      privatePool: null,
      allowOverflow: false,
      quotas: { requestsPerDay: null, userRequestsPerDay: null },
      passwordPolicy: { minLength: 8 },
      dueHours: { asap: 4, urgent: 24, routine: 72 },
      mfaRequired: false,
      createdAt: NOW,
      version: 1,
    });
  });

  for (const slug of ['', 'BAD SLUG', 'Clinic', '-clinic', 'clinic-', 'a'.repeat(64), 'clí']) {
    it(`refuses ${JSON.stringify(slug)} for a slug`, () => {
      expect(() => createTenant('tenant', { slug, name: 'The clinic' }, NOW)).to.throw(SlugRejected);
    });
  }

  it('keeps what it is given instead of the defaults', () => {
    const given = {
      slug: 'clinic',
      name: 'The clinic',
      privatePool: 'closed',
      allowOverflow: true,
      quotas: { requestsPerDay: 100, userRequestsPerDay: 10 },
      passwordPolicy: { minLength: 20 },
      dueHours: { asap: 1, urgent: 2, routine: 3 },
      mfaRequired: true,
    };
    expect(createTenant('tenant', given, NOW)).to.deep.equal({
      ...given,
      id: 'tenant',
      createdAt: NOW,
      version: 1,
    });
  });

  it('changes what it is told to, and its version', () => {
    const tenant = aTenant({ privatePool: 'closed' });
    expect(changeTenant(tenant, { name: 'Another name', privatePool: null })).to.deep.equal({
      ...tenant,
      name: 'Another name',
      privatePool: null,
      version: 2,
    });
    expect(tenant).to.include({ privatePool: 'closed', version: 1 });
  });
});

/** A tenant that is made with these changes, and one that they are made to. */
const bothWays = (changes: TenantChanges): readonly (() => Tenant)[] => [
  () => createTenant('tenant', { slug: 'clinic', name: 'The clinic', ...changes }, NOW),
  () => changeTenant(aTenant(), changes),
];

describe('The due times of a tenant', () => {
  const good = [
    { asap: 1, urgent: 1, routine: 1 },
    { asap: 1, urgent: 12, routine: 8760 },
    { asap: 8760, urgent: 8760, routine: 8760 },
  ];
  for (const dueHours of good) {
    it(`may be ${Object.values(dueHours).join(', ')} hours`, () => {
      for (const tenant of bothWays({ dueHours })) expect(tenant().dueHours).to.deep.equal(dueHours);
    });
  }

  const bad = [
    { asap: 0, urgent: 24, routine: 72 },
    { asap: -4, urgent: 24, routine: 72 },
    { asap: 4, urgent: 24, routine: 8761 },
    { asap: 0.5, urgent: 24, routine: 72 },
    { asap: Number.NaN, urgent: 24, routine: 72 },
    { asap: 25, urgent: 24, routine: 72 },
    { asap: 4, urgent: 73, routine: 72 },
  ];
  for (const dueHours of bad) {
    it(`may not be ${Object.values(dueHours).join(', ')} hours`, () => {
      for (const tenant of bothWays({ dueHours })) expect(tenant).to.throw(DueHoursRejected);
    });
  }
});

describe('The pool of a tenant', () => {
  it('has a name that is kept in one form', () => {
    for (const tenant of bothWays({ privatePool: ' north ' })) expect(tenant().privatePool).to.equal('north');
    for (const tenant of bothWays({ privatePool: null })) expect(tenant().privatePool).to.equal(null);
  });

  it('is none where nothing is left of the name', () => {
    for (const privatePool of ['', ' ', 'x'.repeat(101)]) {
      for (const tenant of bothWays({ privatePool })) expect(tenant).to.throw(TenantPoolRejected);
    }
  });
});

describe('A slug', () => {
  for (const slug of ['a', '7', 'default', 'clinic-2', 'a--b', 'x'.repeat(63)]) {
    it(`may be ${slug}`, () => {
      expect(slug).to.match(SLUG_PATTERN);
    });
  }

  for (const slug of ['', '-', '-a', 'a-', 'A', 'a b', 'a_b', 'a.b', 'é', 'a\n', '\na', 'x'.repeat(64)]) {
    it(`may not be ${JSON.stringify(slug)}`, () => {
      expect(slug).not.to.match(SLUG_PATTERN);
    });
  }

  it('needs no encoding in a URL', () => {
    fc.assert(
      fc.property(fc.stringMatching(SLUG_PATTERN), (slug) => {
        expect(encodeURIComponent(slug)).to.equal(slug);
        expect(slug.length).to.be.at.most(63);
      }),
    );
  });
});
