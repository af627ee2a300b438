import { expect } from 'chai';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../../../src/domain/shared/ids.ts';
import { SLUG_PATTERN } from '../../../../src/domain/tenancy/tenant.ts';

describe('The default tenant', () => {
  it('has a UUIDv7, which every installation shares', () => {
    expect(DEFAULT_TENANT_ID).to.match(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('has the id that the first migration gives it, for ever', () => {
    expect(DEFAULT_TENANT_ID).to.equal('00000000-0000-7000-8000-000000000001');
  });

  it('has a slug that any tenant could have', () => {
    expect(DEFAULT_TENANT_SLUG).to.match(SLUG_PATTERN);
  });
});
