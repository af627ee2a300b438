import { expect } from 'chai';
import { isInVendorScope } from '../../../../src/domain/legacy/vendor.ts';
import { normalVendorId } from '../../../../src/domain/shared/vendor-id.ts';

describe('The id of a vendor', () => {
  for (const text of ['north', 'NORTH', ' North\t', '\u00a0nOrTh\n']) {
    it(`is the same as it is written ${JSON.stringify(text)}`, () => {
      expect(normalVendorId(text)).to.equal('north');
    });
  }

  for (const text of [null, '', ' ', '\t\n', '\u00a0']) {
    it(`is none where there is ${JSON.stringify(text)}`, () => {
      expect(normalVendorId(text)).to.equal(null);
    });
  }

  it('keeps blanks and marks within it', () => {
    expect(normalVendorId('North Fund-1')).to.equal('north fund-1');
  });
});

describe('The vendors whose rows belong to a tenant', () => {
  it('are those that are named, and never rows without one', () => {
    const scope = { kind: 'only', vendorIds: ['north'] } as const;
    expect([...['north', 'south', null].map((id) => isInVendorScope(scope, id))]).to.deep.equal([
      true,
      false,
      false,
    ]);
    expect(isInVendorScope({ kind: 'only', vendorIds: [] }, null)).to.equal(false);
  });

  it('are all others, rows without one included', () => {
    const scope = { kind: 'except', vendorIds: ['north'] } as const;
    expect([...['north', 'south', null].map((id) => isInVendorScope(scope, id))]).to.deep.equal([
      false,
      true,
      true,
    ]);
  });
});
