import { expect } from 'chai';
import { CASE_STATES, caseOf, HELD_STATES } from '../../../../src/domain/cases/case.ts';
import { aCase } from '../../../support/builders.ts';

describe('A case', () => {
  for (const state of CASE_STATES) {
    const isHeld = (HELD_STATES as readonly string[]).includes(state);
    it(`in state ${state} has ${isHeld ? 'an' : 'no'} assignee, and cannot be made otherwise`, () => {
      const facts = aCase();
      const physicianId = isHeld ? 'physician' : null;
      expect(caseOf(facts, state, physicianId)).to.include({ state, physicianId });
      expect(() => caseOf(facts, state, isHeld ? null : 'physician')).to.throw(Error, state);
    });
  }
});
