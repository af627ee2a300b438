import { expect } from 'chai';
import { CASE_PRIORITIES } from '../../../../src/domain/cases/case.ts';
import { CaseLanguageRejected } from '../../../../src/domain/cases/errors.ts';
import { caseLanguage, submitCase } from '../../../../src/domain/cases/submit-case.ts';
import { anAct, aSubmission, INTAKE, NOW } from '../../../support/builders.ts';

describe('A submitted case', () => {
  it('is queued in the pool of its tenant, without a physician, at version 1, its clocks at their beginning', () => {
    const given = aSubmission({ specialty: 'cardiology', vendorId: 'fund' });
    const { submitted } = submitCase(given, { ...INTAKE, pool: 'closed' }, anAct('patient'));
    expect(submitted).to.deep.equal({
      ...given,
      state: 'queued',
      version: 1,
      physicianId: null,
      pool: 'closed',
      origin: 'casegate',
      flags: [],
      dueAt: new Date('2026-03-04T08:00:00.000Z'),
      createdAt: NOW,
      updatedAt: NOW,
      clock: {
        dueSeconds: 72 * 3600,
        stateSince: NOW,
        escalations: 0,
        reminders: 0,
        followUps: 0,
        answeredAt: null,
        awaySince: null,
      },
    });
  });

  for (const [priority, dueAt] of [
    ['asap', '2026-03-01T12:00:00.000Z'],
    ['urgent', '2026-03-02T08:00:00.000Z'],
    ['routine', '2026-03-04T08:00:00.000Z'],
  ] as const) {
    it(`of priority ${priority} is due at ${dueAt}`, () => {
      const { submitted } = submitCase(aSubmission({ priority }), INTAKE, anAct('patient'));
      expect(submitted.dueAt.toISOString()).to.equal(dueAt);
    });
  }

  it('is due by the times of its tenant', () => {
    const dueHours = { asap: 1, urgent: 2, routine: 3 };
    const hours = CASE_PRIORITIES.map((priority) => {
      const { submitted } = submitCase(aSubmission({ priority }), { ...INTAKE, dueHours }, anAct('patient'));
      return (submitted.dueAt.getTime() - NOW.getTime()) / 3_600_000;
    });
    expect(hours).to.deep.equal([1, 2, 3]);
  });

  it('is flagged where nobody could take it', () => {
    const { submitted } = submitCase(aSubmission(), { ...INTAKE, hasCandidate: false }, anAct('patient'));
    expect(submitted.flags).to.deep.equal(['no-candidate']);
  });

  for (const role of ['patient', 'anonymous'] as const) {
    it(`is the first event of its life, by its sender (${role})`, () => {
      const act = anAct(role);
      const given = aSubmission({ patientId: act.actorId });
      const { eventId: id, actorId, actorRole } = act;
      expect(submitCase(given, INTAKE, act).event).to.deep.equal({
        id,
        caseId: given.id,
        type: 'submitted',
        from: null,
        to: 'queued',
        version: 1,
        actorId,
        actorRole,
        at: NOW,
      });
    });
  }
});

describe('The language of a case', () => {
  it('is in canonical form, and is a language', () => {
    expect(caseLanguage('iw')).to.equal('he');
    for (const language of ['', 'HE!!', '\0']) {
      expect(() => caseLanguage(language)).to.throw(CaseLanguageRejected);
    }
  });
});
