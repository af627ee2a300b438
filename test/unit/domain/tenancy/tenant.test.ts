import { expect } from 'chai';
import fc from 'fast-check';
import { SlugRejected } from '../../../../src/domain/tenancy/errors.ts';
import { changeTenant, createTenant, SLUG_PATTERN } from '../../../../src/domain/tenancy/tenant.ts';
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
