import { expect } from 'chai';
import {
  contactsOf,
  identifiersOf,
  isAmbiguous,
  type LegacyRecord,
} from '../../../../src/domain/legacy/legacy-record.ts';
import { anId } from '../../../support/builders.ts';

const record = (userId: string | null, identifier: string | null = null): LegacyRecord => ({
  caseId: anId(),
  vendorId: null,
  userId,
  identifier,
  ownerId: null,
});

describe('Records of the legacy service', () => {
  it('are found by both identifiers that they hold', () => {
    expect(identifiersOf(record('U-5', '052-1234567'), null)).to.deep.equal([
      { kind: 'legacy_user_id', normal: 'u-5' },
      { kind: 'phone', normal: '+972521234567' },
    ]);
    expect(identifiersOf(record(' ', 'x'), null)).to.deep.equal([]);
    expect(identifiersOf(record(null, '052-1234567'), 'national_id')).to.deep.equal([]);
  });

  it('are of several people where their user ids differ', () => {
    expect(isAmbiguous('national_id', [record('u-1'), record('u-2')])).to.equal(true);
    expect(isAmbiguous('national_id', [record('u-1'), record(' U-1 '), record(null), record('')])).to.equal(
      false,
    );
    expect(isAmbiguous('national_id', [record('u-1'), record('guest'), record('0')])).to.equal(false);
    expect(isAmbiguous('national_id', [])).to.equal(false);
  });

  it('are of several people where user ids differ in case, unless these are addresses or UUIDs', () => {
    expect(isAmbiguous('legacy_user_id', [record('aBc'), record('abc')])).to.equal(true);
    expect(isAmbiguous('legacy_user_id', [record('A@b.org'), record('a@B.org ')])).to.equal(false);
    const uuid = anId();
    expect(isAmbiguous('legacy_user_id', [record(uuid), record(uuid.toUpperCase())])).to.equal(false);
    expect(isAmbiguous('legacy_user_id', [record('abc', '1'), record('abc', '2')])).to.equal(false);
  });

  it('are of several people where user ids look alike and are composed of other code points', () => {
    const composed = [record('dan\u00e9'), record('dane\u0301')];
    expect(
      new Set(composed.flatMap((one) => identifiersOf(one, null).map(({ normal }) => normal))),
    ).to.have.property('size', 1);
    expect(isAmbiguous('legacy_user_id', composed)).to.equal(true);
  });

  it('hold the addresses to which a code may go, each once, and none of nobody', () => {
    const records = [
      record('Dana@Example.org', '039337423'),
      record('dana@example.org'),
      record('u-5', 'noreply@example.org'),
      record(null, 'avi@example.org'),
    ];
    expect(contactsOf(records)).to.deep.equal(['dana@example.org', 'avi@example.org']);
    expect(contactsOf([record('u-5', '0521234567')])).to.deep.equal([]);
  });
});
