import { expect } from 'chai';
import { RequestTally } from '../../../../src/adapters/postgres/legacy-survey/request-tally.ts';

/** User id, identifier and vendor of a row. */
type Row = readonly [userId: string | null, identifier: string | null, vendorId: string | null];

function tallied(...rows: readonly Row[]): RequestTally {
  const tally = new RequestTally((vendorId) =>
    vendorId === 'codes'
      ? { vendorId, tenant: 'default', privatePool: null, identifierKind: 'legacy_user_id' }
      : null,
  );
  for (const row of rows) tally.add(...row);
  return tally;
}

const factsOf = (...rows: readonly Row[]) => tallied(...rows).facts(true);

describe('A tally of requests', () => {
  it('counts nulls, blanks and what has blanks around it', () => {
    const { userId, userIdentifier, vendorId } = factsOf(
      [null, ' ', ' north '],
      ['7', '', null],
      ['', 'x ', 'north'],
    );
    expect(userId).to.deep.equal({ nulls: 1, blanks: 1, padded: 0 });
    expect(userIdentifier).to.deep.equal({ nulls: 0, blanks: 2, padded: 1 });
    expect(vendorId).to.deep.equal({ nulls: 1, blanks: 0, padded: 1 });
  });

  it('tells how identifiers of each kind are written', () => {
    const ids = ['123456782', ' 123456782', '12345678-2', '000000018', '18'.padStart(5, '0')];
    const { identifiers } = factsOf(
      ...ids.map((id): Row => [null, id, 'north']),
      [null, 'Dana@Example.org', 'north'],
      [null, '0521234568', 'north'],
    );
    expect(identifiers.national_id).to.include({
      rows: 5,
      asNormal: 2,
      padded: 1,
      separated: 1,
      otherwise: 1,
    });
    expect(identifiers.email).to.include({ rows: 1, upperCase: 1 });
    expect(identifiers.phone).to.include({ rows: 1, otherwise: 1 });
  });

  it('takes several spellings for one identifier, and keeps vendors apart', () => {
    const { identifiers } = factsOf(
      ['1', '000000018', 'north'],
      ['1', '00018', 'NORTH '],
      ['2', '000000018', 'south'],
    );
    expect(identifiers.national_id).to.include({
      distinct: 2,
      inSeveralRows: 1,
      writtenInSeveralWays: 1,
      ofSeveralUserIds: 0,
      atSeveralVendors: 1,
    });
  });

  it('finds identifiers with several user ids of one vendor, but for placeholders and missing ids', () => {
    const { identifiers } = factsOf(
      ['1', '000000018', 'north'],
      ['2', '00018', 'north'],
      ['3', '000000000', 'north'],
      ['4', '000000000', 'north'],
      ['5', 'dana@example.org', 'north'],
      [null, 'dana@example.org', 'north'],
      ['unknown', 'dana@example.org', 'north'],
    );
    expect(identifiers.national_id).to.include({ ofSeveralUserIds: 1, placeholders: 2, distinct: 1 });
    expect(identifiers.email.ofSeveralUserIds).to.equal(0);
  });

  it('finds user ids with several national ids, as no single person has', () => {
    const { userIds } = factsOf(
      ['desk', '000000018', 'north'],
      ['desk', '000000026', 'north'],
      ['7', '000000018', 'north'],
      ['7', 'dana@example.org', 'north'],
      ['0', '000000034', 'north'],
    );
    expect(userIds).to.deep.equal({
      distinct: 2,
      inSeveralRows: 2,
      placeholders: 1,
      ofSeveralNationalIds: 1,
    });
  });

  it('tells user ids apart as links do: by case and code points, but for addresses', () => {
    const ids = ['abc', ' abc ', 'aBc', 'dan\u00e9', 'dane\u0301', 'Dana@example.org', 'dana@example.org'];
    const { userIds } = factsOf(...ids.map((id): Row => [id, null, 'north']));
    expect(userIds).to.include({ distinct: 5, inSeveralRows: 2 });
  });

  it('counts what has no normal form, and believes a vendor that says what it writes', () => {
    const facts = factsOf([null, '000000019', 'north'], [null, 'C-77', 'north'], [null, 'C-77', 'codes']);
    expect(facts.withoutNormalForm).to.equal(2);
    expect(facts.identifiers.legacy_user_id.rows).to.equal(1);
  });

  it('groups vendors by their normal form, the most frequent first', () => {
    const { vendors } = factsOf(
      [null, null, 'north'],
      [null, null, ' North'],
      [null, null, null],
      [null, null, ' '],
      [null, null, 'NORTH'],
    );
    expect(vendors).to.deep.equal([
      { vendorId: 'north', rows: 3, spellings: 3, isListed: false },
      { vendorId: null, rows: 2, spellings: 1, isListed: false },
    ]);
  });

  it('does not name a vendor that is the identifier of a person', () => {
    const { personalVendors, vendors } = factsOf([null, null, 'dana@example.org'], [null, null, '000000018']);
    expect({ personalVendors, vendors }).to.deep.equal({ personalVendors: 2, vendors: [] });
  });

  it('knows user ids and identifiers that it has seen', () => {
    const tally = tallied(['u-7', '00018', 'north']);
    expect(tally.hasUserId(' u-7 ')).to.equal(true);
    expect(tally.hasUserId('u-8')).to.equal(false);
    expect(tally.hasIdentifier('000000018')).to.equal(true);
    expect(tally.hasIdentifier('000000026')).to.equal(false);
  });

  it('keeps thousands apart', () => {
    const tally = tallied();
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 20_000; n += 1) tally.add(`u-${n}`, `p${n}@example.org`, 'north');
    }
    const { identifiers, userIds } = tally.facts(true);
    expect(userIds).to.include({ distinct: 20_000, inSeveralRows: 20_000 });
    expect(identifiers.email).to.include({ distinct: 20_000, inSeveralRows: 20_000, ofSeveralUserIds: 0 });
  });
});
