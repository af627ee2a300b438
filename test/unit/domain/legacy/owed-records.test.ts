import { expect } from 'chai';
import type { LegacyRecord } from '../../../../src/domain/legacy/legacy-record.ts';
import { owedRecords } from '../../../../src/domain/legacy/owed-records.ts';
import { anId } from '../../../support/builders.ts';

const ME = anId();

const record = (given: Partial<LegacyRecord> = {}): LegacyRecord => ({
  caseId: anId(),
  vendorId: 'fund',
  userId: 'u-1',
  identifier: '039337423',
  ownerId: null,
  ...given,
});

const mine = { kind: 'national_id', proof: 'code', userId: ME } as const;

describe('The records that a link leads to', () => {
  it('are owed to its account where they are nobody’s, and stay whose they are otherwise', () => {
    const [free, own, other] = [record(), record({ ownerId: ME }), record({ ownerId: anId() })];
    const told = owedRecords(mine, [free, own, other]);
    expect(told).to.deep.equal({ owed: [free], own: [own], others: [other], ambiguous: [] });
  });

  it('are owed to nobody where they are of several people, those that somebody owns among them', () => {
    const [free, own] = [record({ userId: 'u-2' }), record({ ownerId: ME })];
    expect(owedRecords(mine, [free, own])).to.deep.include({ owed: [], ambiguous: [free], own: [own] });
  });

  it('are owed all the same where an admin has approved the link', () => {
    const both = [record({ userId: 'u-2' }), record()];
    const told = owedRecords({ ...mine, proof: 'admin' }, both);
    expect(told).to.deep.include({ owed: both, ambiguous: [] });
  });
});
