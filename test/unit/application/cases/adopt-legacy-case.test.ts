import { expect } from 'chai';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import {
  CaseConflict,
  CaseLanguageRejected,
  CaseNotAllowedInState,
  LegacyQuestionTooLong,
} from '../../../../src/domain/cases/errors.ts';
import { ANONYMOUS, anId, NOW, SYSTEM } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { plantLegacyRequest } from '../../../support/plant-legacy-request.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

describe('AdoptLegacyCase', () => {
  let here: World;
  let patient: Member;
  let admin: Member;

  beforeEach(async () => {
    here = world();
    [patient, admin] = [await here.patient(), await here.member('admin')];
  });

  const plant = (given: Parameters<typeof plantLegacyRequest>[1] = {}) =>
    plantLegacyRequest(here.adapters.database, { ownerId: patient.user.id, ...given });
  const adopt = (caseId: string, given: object = {}, actor: Actor = admin.actor, app = here.app) =>
    app.cases.adoptLegacyCase.execute({ actor, caseId, ...given });
  const read = (caseId: string, actor: Actor = patient.actor) =>
    here.app.cases.getCase.execute({ actor, caseId });

  async function expectNothingDone(caseId: string): Promise<void> {
    expect(await here.rows('cases')).to.deep.equal([]);
    expect(await here.rows('caseMessages')).to.deep.equal([]);
    expect(await here.audited('cases.adopted-legacy')).to.deep.equal([]);
    expect((await read(caseId))?.case.state).to.equal('legacy');
  }

  it('queues the case as its row says it, with its text sealed; the row stays as it is', async () => {
    const row = await plant({ language: 'HE', vendorId: ' Clinic' });
    const view = await adopt(row.caseId);
    expect(view?.conversation).to.equal(null);
    expect(view?.case).to.deep.include({
      ...{
        id: row.caseId,
        state: 'queued',
        origin: 'legacy',
        version: 2,
        language: 'he',
        priority: 'routine',
      },
      ...{ vendorId: 'clinic', patientId: patient.user.id, createdAt: row.createdAt, updatedAt: NOW },
    });
    const own = await read(row.caseId);
    expect(own?.case).to.deep.equal(view?.case);
    expect(own?.conversation).to.include({ question: row.question, answer: null });
    expect(await here.rows('legacyRequests')).to.deep.equal([row]);
    const [message] = await here.rows('caseMessages');
    expect(Buffer.from(message!.body.bytes).toString('latin1')).not.to.contain(row.question);
  });

  it('is in the audit trail, by the admin who did it', async () => {
    const { caseId } = await plant();
    await adopt(caseId, { priority: 'asap' });
    const entries = await here.audited('cases.adopted-legacy');
    expect(entries).to.have.length(1);
    expect(entries[0]).to.deep.include({
      actor: { kind: 'user', id: admin.user.id },
      subject: { type: 'case', id: caseId },
      details: { from: 'legacy', to: 'queued', version: 2 },
    });
  });

  it('does nothing that cannot be audited', async () => {
    const { caseId } = await plant();
    const fault = await faultOf(adopt(caseId, {}, admin.actor, here.unauditedApp));
    expect(fault).to.have.property('message', AUDIT_FAULT);
    await expectNothingDone(caseId);
  });

  it('takes the language that is told, else the row’s, else that of the patient’s account, else none', async () => {
    const languageOf = async (
      language: string | null,
      given = {},
      ownerId: string | null = patient.user.id,
    ) => (await adopt((await plant({ language, ownerId })).caseId, given))?.case.language;
    expect(await languageOf('he', { language: 'iw-IL' })).to.equal('he-IL');
    expect(await languageOf('he')).to.equal('he');
    expect(await languageOf('?')).to.equal(patient.user.language);
    expect(await languageOf(null, {}, null)).to.equal('und');
    const { caseId } = await plant();
    expect(await refusalOf(adopt(caseId, { language: 'not one' }))).to.be.instanceOf(CaseLanguageRejected);
  });

  it('keeps no text where the row has none, and takes none that is too long', async () => {
    for (const question of [null, '', ' \n ']) {
      const { caseId } = await plant({ question });
      await adopt(caseId);
      expect((await read(caseId))?.conversation?.messages).to.deep.equal([]);
    }
    const { caseId } = await plant({ question: '𝒶'.repeat(20_001) });
    expect(await refusalOf(adopt(caseId))).to.be.instanceOf(LegacyQuestionTooLong);
    expect((await read(caseId))?.conversation?.question).to.have.length(40_002);
  });

  it('is refused for what has a workflow, and for all but one of many at once', async () => {
    const { caseId } = await plant();
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => adopt(caseId)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await refusalOf(adopt(caseId))).to.be.instanceOf(CaseNotAllowedInState);
    expect(await here.rows('caseEvents')).to.have.length(1);
  });

  it('is refused where the row got another owner meanwhile', async () => {
    const row = await plant({ ownerId: (await here.patient({ tenant: await here.tenant() })).user.id });
    expect(await refusalOf(adopt(row.caseId))).to.be.instanceOf(CaseConflict);
    expect(await here.rows('cases')).to.deep.equal([]);
  });

  it('is for admins of the tenant of the vendor, and for the installation', async () => {
    const { caseId } = await plant();
    for (const role of ['physician', 'patient'] as const) {
      const { actor } = await here.member(role);
      expect(await refusalOf(adopt(caseId, {}, actor))).to.be.instanceOf(Forbidden);
    }
    expect(await refusalOf(adopt(caseId, {}, ANONYMOUS))).to.be.instanceOf(Unauthenticated);
    const stranger = await here.member('admin', { tenant: await here.tenant() });
    expect(await adopt(caseId, {}, stranger.actor)).to.equal(null);
    expect(await adopt(anId())).to.equal(null);
    await expectNothingDone(caseId);
    expect((await adopt(caseId, {}, SYSTEM))?.case.state).to.equal('queued');
  });
});

describe('A legacy case', () => {
  let here: World;
  let patient: Member;
  let admin: Member;

  beforeEach(async () => {
    here = world();
    [patient, admin] = [await here.patient(), await here.member('admin')];
  });

  const plant = () => plantLegacyRequest(here.adapters.database, { ownerId: patient.user.id });

  it('is read with its text by its patient, which is audited, and without it by an admin, which is not', async () => {
    const { caseId, question } = await plant();
    const read = (actor: Actor) => here.app.cases.getCase.execute({ actor, caseId });
    expect((await read(admin.actor))?.conversation).to.equal(null);
    expect(await here.audited('cases.text-read')).to.deep.equal([]);
    expect((await read(patient.actor))?.conversation).to.include({ question });
    const entries = await here.audited('cases.text-read');
    expect(entries.map(({ actor }) => actor)).to.deep.equal([{ kind: 'user', id: patient.user.id }]);
    const unaudited = here.unauditedApp.cases.getCase.execute({ actor: patient.actor, caseId });
    expect(await faultOf(unaudited)).to.have.property('message', AUDIT_FAULT);
  });

  it('has to be adopted before an admin can break the glass', async () => {
    const { caseId } = await plant();
    const attempt = () =>
      here.app.cases.breakGlass.execute({ actor: admin.actor, caseId, reason: 'He is on the telephone.' });
    expect(await refusalOf(attempt())).to.be.instanceOf(CaseNotAllowedInState);
    expect(await here.rows('breakGlassGrants')).to.deep.equal([]);
    await here.app.cases.adoptLegacyCase.execute({ actor: admin.actor, caseId });
    expect((await attempt())?.caseId).to.equal(caseId);
  });
});
