import { expect } from 'chai';
import type { AuditEntryAnswer } from '../../support/api-bodies.ts';
import { type Answer, type Api, newEmail, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { everyPage } from '../../support/every-page.ts';
import { problemOf } from '../../support/problem-of.ts';

describe('GET /audit', () => {
  let api: Api;
  let admin: Person;
  let patient: Person;
  let caseId: string;
  before(async () => {
    api = await startApi();
    admin = await api.member('admin');
    patient = await api.patient();
    const body = { language: 'en', question: 'Is it so?' };
    caseId = (await api.get('case', 201, 'POST /cases', { as: patient, body })).case.id;
    await api.get('case', 200, `GET /cases/${caseId}`, { as: patient });
    await api.send('problem', 'POST /auth/login', { body: { email: newEmail(), password: PASSWORD } });
  });
  after(() => api.stop());

  const list = async (query = '', as = admin): Promise<readonly AuditEntryAnswer[]> =>
    (await api.get('audit', 200, `GET /audit?limit=100${query}`, { as })).items;
  const actionsOf = (entries: readonly AuditEntryAnswer[]) => entries.map(({ action }) => action);

  it('200 tells who did what to which record, and when, newest first', async () => {
    const entries = await list(`&subject=${caseId}`);
    expect(actionsOf(entries)).to.deep.equal(['cases.text-read', 'cases.submitted']);
    const [read] = entries;
    expect(read).to.deep.include({
      actor: { kind: 'user', id: patient.user.id },
      action: 'cases.text-read',
      subject: { type: 'case', id: caseId },
    });
    expect(read).to.have.all.keys('id', 'at', 'actor', 'action', 'subject', 'details');
    expect(Date.now() - Date.parse(read!.at)).to.be.within(0, 60_000);
    expect(read!.at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('200 tells of those who are nobody, and of acts upon nothing', async () => {
    const [refused] = await list('&action=access.sign-in-refused');
    expect(refused).to.deep.include({ actor: { kind: 'anonymous', id: null }, subject: null });
  });

  it('200 lists by actor, action, subject and both ends of a time, and by all of them', async () => {
    const own = await list(`&actor=${patient.user.id}`);
    expect(actionsOf(own)).to.include.members(['access.signed-in', 'cases.submitted', 'cases.text-read']);
    expect(new Set(own.map(({ actor }) => actor.id))).to.deep.equal(new Set([patient.user.id]));
    expect(await list(`&actor=${patient.user.id.toUpperCase()}`)).to.deep.equal(own);
    expect(actionsOf(await list(`&action=cases.text-read`))).to.deep.equal(['cases.text-read']);
    expect(await list(`&subject=case:${caseId}`)).to.deep.equal(await list(`&subject=${caseId}`));
    expect(await list(`&subject=user:${caseId}`)).to.deep.equal([]);

    const [read, submitted] = await list(`&subject=${caseId}`);
    expect(await list(`&subject=${caseId}&from=${read!.at}`)).to.deep.equal([read]);
    expect(await list(`&subject=${caseId}&to=${read!.at}`)).to.deep.equal([submitted]);
    expect(await list(`&from=${read!.at}&to=${read!.at}`)).to.deep.equal([]);
    const everything = `&actor=${patient.user.id}&action=cases.submitted&subject=case:${caseId}&from=2026-01-01&to=${read!.at}`;
    expect(await list(everything)).to.deep.equal([submitted]);
    expect(await list(`&subject=${caseId}&from=2026-01-01T00:00:00%2B02:00`)).to.deep.equal([
      read,
      submitted,
    ]);
  });

  it('200 lists page by page, each entry once', async () => {
    const whole = await list();
    const paged = await everyPage((cursor) =>
      api.get('audit', 200, `GET /audit?limit=3${cursor}`, { as: admin }),
    );
    expect(paged).to.deep.equal(whole);
    expect(whole.length).to.be.above(3);
    const own = await everyPage((cursor) =>
      api.get('audit', 200, `GET /audit?limit=1&actor=${patient.user.id}${cursor}`, { as: admin }),
    );
    expect(own).to.deep.equal(await list(`&actor=${patient.user.id}`));
  });

  it('200 shows nothing of another tenant, whatever is asked for', async () => {
    const { slug } = await api.tenant();
    const other = await api.member('admin', slug);
    const ours = new Set((await list()).map(({ id }) => id));
    const theirs = await list('', other);
    expect(theirs.length).to.be.above(0);
    expect(theirs.filter(({ id }) => ours.has(id))).to.deep.equal([]);
    for (const query of [`&subject=${caseId}`, `&actor=${patient.user.id}`, '&action=cases.submitted']) {
      expect(await list(query, other)).to.deep.equal([]);
    }
    const page = await api.get('audit', 200, 'GET /audit?limit=1', { as: admin });
    const stolen = await api.send('problem', `GET /audit?cursor=${page.nextCursor!}`, { as: other });
    problemOf(stolen, 422, 'request.invalid');
  });

  it('401 without a credential, 403 for patients and physicians', async () => {
    problemOf(await api.send('problem', 'GET /audit'), 401, 'access.unauthenticated');
    for (const as of [patient, await api.member('physician')]) {
      problemOf(await api.send('problem', 'GET /audit', { as }), 403, 'access.forbidden');
    }
  });

  it('422 points at what cannot be', async () => {
    const refused: readonly (readonly [string, string])[] = [
      ['actor=somebody', '/actor'],
      ['action=everything', '/action'],
      [`action=${'a'.repeat(60)}.${'b'.repeat(60)}`, '/action'],
      ['subject=', '/subject'],
      ['subject=case:', '/subject'],
      ['subject=Case:1', '/subject'],
      ['subject=case:1:2', '/subject'],
      ['subject=%00', '/subject'],
      ['from=yesterday', '/from'],
      ['from=2026-02-30', '/from'],
      ['to=2026-01-01T00:00:00', '/to'],
      ['to=1767225600', '/to'],
      ['limit=101', '/limit'],
      ['limit=0', '/limit'],
      ['cursor=mine', '/cursor'],
      ['tenant=default', '/tenant'],
      [`actor=${caseId}&actor=${caseId}`, '/actor'],
    ];
    for (const [query, pointer] of refused) {
      const answer: Answer<'problem'> = await api.send('problem', `GET /audit?${query}`, { as: admin });
      const { errors } = problemOf(answer, 422, 'request.invalid');
      expect(
        errors?.map((error) => error.pointer),
        query,
      ).to.deep.equal([pointer]);
    }
  });
});
