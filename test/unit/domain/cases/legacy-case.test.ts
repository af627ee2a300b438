import { expect } from 'chai';
import { CASE_STATES, type CaseState, HELD_STATES } from '../../../../src/domain/cases/case.ts';
import { adoptLegacy, legacyCaseOf } from '../../../../src/domain/cases/legacy-case.ts';
import { legacyConversation } from '../../../../src/domain/cases/case-view.ts';
import { legacyLanguage } from '../../../../src/domain/cases/legacy-language.ts';
import { CaseNotAllowedInState } from '../../../../src/domain/cases/errors.ts';
import { soughtSources } from '../../../../src/domain/cases/sought-sources.ts';
import { nextTimer, onTimer } from '../../../../src/domain/cases/timers.ts';
import { giveToPatient, takeFromPatient } from '../../../../src/domain/cases/workflow.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { aCase, anAct, anId, INTAKE, NOW } from '../../../support/builders.ts';

const DAY = 86_400;
const CREATED = addSeconds(NOW, -400 * DAY);
const RECORD = {
  id: anId(),
  tenantId: anId(),
  patientId: anId(),
  vendorId: ' Clinic ',
  language: 'IW',
  status: 'In Progress',
  createdAt: CREATED,
};
const GIVEN = { language: 'ru', priority: 'urgent', specialty: 'cardiology' } as const;
const USUAL = { allowOverflow: true, hasCandidate: true, isAssigneeAway: false };

describe('A case of the legacy service', () => {
  it('has nothing of a workflow, and what its row says in normal form', () => {
    const { clock, ...found } = legacyCaseOf(RECORD);
    expect(found).to.deep.equal({
      ...{ id: RECORD.id, tenantId: RECORD.tenantId, patientId: RECORD.patientId, physicianId: null },
      ...{ state: 'legacy', legacyStatus: 'In Progress', origin: 'legacy', version: 1 },
      ...{ language: 'he', vendorId: 'clinic', priority: 'routine', specialty: null, pool: null, flags: [] },
      ...{ dueAt: CREATED, createdAt: CREATED, updatedAt: CREATED },
    });
    expect(clock).to.include({ dueSeconds: 0, answeredAt: null, awaySince: null });
  });

  it('is nothing that time has to do with', () => {
    const found = legacyCaseOf({ ...RECORD, patientId: null });
    expect(nextTimer(found)).to.equal(null);
    expect(onTimer(found, anAct('system'), USUAL)).to.equal(null);
  });

  it('is in no language where its row says none that there is', () => {
    const tags = [null, '', '?', 'not one', 'x'.repeat(40), ' he ', 'EN-us', 'iw'];
    const none = 'und';
    expect(tags.map(legacyLanguage)).to.deep.equal([none, none, none, none, none, 'he', 'en-US', 'he']);
  });

  it('has one message where it asks something, under its own id, and none where it does not', () => {
    const found = legacyCaseOf(RECORD);
    const text = ' Why?\n';
    expect(legacyConversation(found, text)).to.deep.equal({
      question: text,
      answer: null,
      messages: [{ id: found.id, kind: 'question', authorRole: 'patient', text, at: CREATED }],
      reasons: [],
    });
    for (const nothing of [null, '']) {
      expect(legacyConversation(found, nothing)).to.deep.include({ question: '', messages: [] });
    }
  });
});

describe('A legacy case that is given a workflow', () => {
  const act = anAct('admin');
  const found = legacyCaseOf(RECORD);

  it('is queued and due from now on, and as old as it was', () => {
    const { before, after, event } = adoptLegacy(found, GIVEN, { ...INTAKE, pool: 'hearts' }, act);
    expect(before).to.equal(found);
    expect(after).to.not.have.property('legacyStatus');
    expect(after).to.deep.include({
      ...{ ...GIVEN, state: 'queued', version: 2, pool: 'hearts', flags: [], origin: 'legacy' },
      ...{ createdAt: CREATED, updatedAt: NOW, dueAt: addSeconds(NOW, DAY), patientId: RECORD.patientId },
    });
    expect(after.clock).to.include({ dueSeconds: DAY, stateSince: NOW, escalations: 0 });
    expect(event).to.deep.equal({
      ...{ id: act.eventId, caseId: found.id, type: 'adopted-legacy', from: 'legacy', to: 'queued' },
      ...{ version: 2, actorId: act.actorId, actorRole: 'admin', at: NOW },
    });
  });

  it('is flagged where nobody could take it', () => {
    const { after } = adoptLegacy(found, GIVEN, { ...INTAKE, hasCandidate: false }, act);
    expect(after.flags).to.deep.equal(['no-candidate']);
  });

  it('does not end after a day where nobody knows its patient, as an anonymous case does', () => {
    const { after } = adoptLegacy({ ...found, patientId: null }, GIVEN, INTAKE, act);
    const later = anAct('system', addSeconds(NOW, 2 * DAY));
    expect(onTimer(after, later, USUAL)?.event.type).to.equal('escalated');
    const anonymous = aCase({ ...after, origin: 'casegate', state: 'queued' });
    expect(onTimer(anonymous, later, USUAL)?.event.type).to.equal('expired');
  });
});

describe('A case whose record was linked to an account', () => {
  const inState = (state: CaseState) =>
    aCase({ state, physicianId: (HELD_STATES as readonly string[]).includes(state) ? anId() : null });

  for (const state of CASE_STATES.filter((each) => each !== 'legacy')) {
    it(`goes to its patient in state ${state}, and is taken from him, without anything else`, () => {
      const patientId = anId();
      const [first, second] = [anAct('patient'), anAct('admin')];
      const given = giveToPatient(inState(state), patientId, first);
      expect(given.after).to.deep.equal({ ...given.before, patientId, version: 2, updatedAt: NOW });
      expect(given.event).to.include({ type: 'linked', from: state, to: state, version: 2 });
      const taken = takeFromPatient(given.after, second);
      expect(taken.after).to.deep.equal({ ...given.after, patientId: null, version: 3 });
      expect(taken.event).to.include({ type: 'unlinked', actorRole: 'admin', version: 3 });
    });
  }

  it('has to have a workflow', () => {
    const found = legacyCaseOf(RECORD);
    expect(() => giveToPatient(found, anId(), anAct('patient'))).to.throw(CaseNotAllowedInState);
    expect(() => takeFromPatient(found, anAct('patient'))).to.throw(CaseNotAllowedInState);
  });
});

describe('A list of cases', () => {
  it('asks for cases with a workflow, for legacy ones, for both or for neither', () => {
    const [both, own, theirs, neither] = [
      { casegate: true, legacy: true },
      { casegate: true, legacy: false },
      { casegate: false, legacy: true },
      { casegate: false, legacy: false },
    ];
    const asked = (state: CaseState | null, source: 'casegate' | 'legacy' | null) =>
      soughtSources({ state, source });
    expect(asked(null, null)).to.deep.equal(both);
    expect(asked(null, 'casegate')).to.deep.equal(own);
    expect(asked(null, 'legacy')).to.deep.equal(theirs);
    expect(asked('legacy', null)).to.deep.equal(theirs);
    expect(asked('legacy', 'legacy')).to.deep.equal(theirs);
    expect(asked('queued', null)).to.deep.equal(own);
    expect(asked('queued', 'casegate')).to.deep.equal(own);
    expect(asked('queued', 'legacy')).to.deep.equal(neither);
    expect(asked('legacy', 'casegate')).to.deep.equal(neither);
  });
});
