import { expect } from 'chai';
import { caseScopeOf, mayReadText } from '../../../../src/domain/cases/visibility.ts';
import { aUserActor, SYSTEM } from '../../../support/builders.ts';

describe('The cases that a reader may see', () => {
  it('are his own for a patient, with their text', () => {
    const patient = aUserActor('patient');
    const scope = caseScopeOf(patient);
    expect(scope).to.deep.equal({ kind: 'patient', patientId: patient.userId });
    expect(mayReadText(scope)).to.equal(true);
  });

  it('are those assigned to him for a physician, with their text', () => {
    const physician = aUserActor('physician');
    const scope = caseScopeOf(physician);
    expect(scope).to.deep.equal({ kind: 'physician', userId: physician.userId });
    expect(mayReadText(scope)).to.equal(true);
  });

  for (const [name, reader] of [
    ['an admin', aUserActor('admin')],
    ['the installation', SYSTEM],
  ] as const) {
    it(`are all of the tenant for ${name}, without their text`, () => {
      const scope = caseScopeOf(reader);
      expect(scope.kind).to.equal('tenant');
      expect(mayReadText(scope)).to.equal(false);
    });
  }
});
