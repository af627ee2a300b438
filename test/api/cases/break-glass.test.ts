import { expect } from 'chai';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { aPhysician } from '../../support/a-physician.ts';
import { type CaseDesk, caseDesk, QUESTION } from '../../support/case-desk.ts';
import { everyPage } from '../../support/every-page.ts';
import { mailsDelivered } from '../../support/mails-delivered.ts';
import { problemOf } from '../../support/problem-of.ts';

const REASON = 'The patient asks for a correction.';
const REVIEW = { outcome: 'justified', note: 'He called, and we talked it over.' };
const FIELDS = [
  ...['id', 'caseId', 'adminId', 'createdAt', 'expiresAt'],
  ...['reviewedAt', 'reviewerId', 'outcome'],
];
const HOUR = 3_600_000;

describe('Breaking the glass', () => {
  let api: Api;
  let desk: CaseDesk;
  let patient: Person;
  let admin: Person;
  let colleague: Person;
  let caseId: string;
  let ahead = 0;

  before(async () => {
    api = await startApi({}, { clock: { now: () => new Date(Date.now() + ahead) } });
    desk = caseDesk(api);
    [patient, admin, colleague] = [await api.patient(), await api.member('admin'), await api.member('admin')];
  });
  beforeEach(async () => {
    ahead = 0;
    caseId = (await desk.submit(patient)).id;
  });
  after(() => api.stop());

  const attempt = (as: Person | undefined, body: unknown = { reason: REASON }, id = caseId) =>
    api.send('problem', `POST /cases/${id}/break-glass`, { as, body });
  const breakGlass = async (as = admin, headers = {}) => {
    const sent = { as, body: { reason: REASON }, headers };
    return (await api.get('grant', 201, `POST /cases/${caseId}/break-glass`, sent)).grant;
  };
  const attemptReview = (id: string, as: Person | undefined, body: unknown = REVIEW) =>
    api.send('problem', `POST /break-glass/${id}/review`, { as, body });
  const review = async (id: string, as = colleague) =>
    (await api.get('grant', 200, `POST /break-glass/${id}/review`, { as, body: REVIEW })).grant;
  const list = (as = admin, limit = 100) =>
    everyPage((cursor) => api.get('grants', 200, `GET /break-glass?limit=${String(limit)}${cursor}`, { as }));
  const findGrant = async (id: string) => (await list()).find((item) => item.id === id);

  describe('POST /cases/{id}/break-glass', () => {
    it('201 the grant, without the reason; the text is readable for an hour', async () => {
      expect(await desk.read(caseId, admin)).to.not.have.any.keys('question', 'messages');
      const grant = await breakGlass();
      expect(grant).to.have.all.keys(...FIELDS);
      expect(grant).to.include({
        caseId,
        adminId: admin.user.id,
        reviewedAt: null,
        reviewerId: null,
        outcome: null,
      });
      expect(Date.parse(grant.expiresAt) - Date.parse(grant.createdAt)).to.equal(HOUR);
      expect(await desk.read(caseId, admin)).to.include({ question: QUESTION });
      expect(await desk.read(caseId, colleague)).to.not.have.any.keys('question', 'messages');
      ahead = HOUR;
      const later = await api.signIn(admin.user.email);
      expect(await desk.read(caseId, later)).to.not.have.any.keys('question', 'messages');
    });

    it('tells every admin by mail, and nobody else, without a word of the case', async () => {
      const { slug } = await api.tenant();
      const [one, other] = [await api.member('admin', slug), await api.member('admin', slug)];
      const theirs = await api.patient(slug);
      const { id } = await desk.submit(theirs);
      const sent = { as: one, body: { reason: REASON } };
      const { grant } = await api.get('grant', 201, `POST /cases/${id}/break-glass`, sent);
      for (const { user } of [one, other]) {
        expect(await api.mail.next('break-glass-used', user.email)).to.deep.equal({
          kind: 'break-glass-used',
          caseId: id,
          grantId: grant.id,
          expiresAt: grant.expiresAt,
        });
      }
      await mailsDelivered(api);
      for (const { user } of [theirs, patient]) expect(api.mail.unread(user.email)).to.deep.equal([]);
    });

    it('is in the audit trail, as is each reading, by its grant', async () => {
      const grant = await breakGlass();
      await desk.read(caseId, admin);
      const query = `GET /audit?subject=${caseId}&limit=100`;
      const { items } = await api.get('audit', 200, query, { as: colleague });
      const told = items
        .filter(({ actor }) => actor.id === admin.user.id)
        .map(({ action, details }) => ({ action, details }));
      expect(told).to.deep.equal([
        { action: 'cases.text-read', details: { grant: grant.id } },
        { action: 'cases.glass-broken', details: { grant: grant.id } },
      ]);
    });

    it('keeps the reason and the note encrypted', async () => {
      const { id } = await breakGlass();
      await review(id);
      const [row] = await api.sql(
        'SELECT position($2::bytea IN reason) AS reason, position($3::bytea IN note) AS note FROM break_glass_grants WHERE uuid = $1',
        [id, Buffer.from('correction'), Buffer.from('called')],
      );
      expect(row).to.deep.equal({ reason: 0, note: 0 });
    });

    it('201 the same grant for the same key', async () => {
      const headers = { 'Idempotency-Key': caseId };
      const first = await breakGlass(admin, headers);
      expect(await breakGlass(admin, headers)).to.deep.equal(first);
      expect((await list()).filter((item) => item.caseId === caseId)).to.have.length(1);
    });

    it('401, 403 and 404 for everybody else', async () => {
      const stranger = await api.member('admin', (await api.tenant()).slug);
      problemOf(await attempt(undefined), 401, 'access.unauthenticated');
      for (const as of [patient, await aPhysician(api, { admin })]) {
        problemOf(await attempt(as), 403, 'access.forbidden');
      }
      problemOf(await attempt(stranger), 404, 'request.not-found');
      problemOf(await attempt(admin, undefined, patient.user.id), 404, 'request.not-found');
    });

    it('422 without a reason that says something', async () => {
      for (const reason of ['', ' ', 'x'.repeat(1001)]) {
        const problem = problemOf(await attempt(admin, { reason }), 422, 'cases.reason-rejected');
        expect(problem.errors?.map(({ pointer }) => pointer)).to.deep.equal(['/reason']);
      }
      for (const body of [{}, { reason: 7 }, { reason: 'a\0b' }, { reason: REASON, hours: 24 }]) {
        problemOf(await attempt(admin, body), 422, 'request.invalid');
      }
      expect((await list()).filter((item) => item.caseId === caseId)).to.deep.equal([]);
    });
  });

  describe('GET /break-glass', () => {
    it('200 the grants with their reasons, newest first, page by page', async () => {
      const [first, second] = [await breakGlass(), await breakGlass(colleague)];
      const items = (await list(colleague, 2)).filter((item) => item.caseId === caseId);
      expect(items).to.deep.equal([
        { ...second, reason: REASON, note: null },
        { ...first, reason: REASON, note: null },
      ]);
    });

    it('shows none of another tenant, takes no cursor of another list, and is for admins', async () => {
      await breakGlass();
      await breakGlass();
      const other = await api.member('admin', (await api.tenant()).slug);
      expect(await list(other)).to.deep.equal([]);
      const { nextCursor } = await api.get('grants', 200, 'GET /break-glass?limit=1', { as: admin });
      for (const [path, as] of [
        [`/break-glass?cursor=${nextCursor!}`, other],
        [`/cases?cursor=${nextCursor!}`, admin],
      ] as const) {
        expect((await api.send('problem', `GET ${path}`, { as })).status).to.equal(422);
      }
      problemOf(await api.send('problem', 'GET /break-glass', { as: patient }), 403, 'access.forbidden');
      problemOf(await api.send('problem', 'GET /break-glass'), 401, 'access.unauthenticated');
    });
  });

  describe('POST /break-glass/{id}/review', () => {
    it('200 the grant with what a colleague made of it', async () => {
      const grant = await breakGlass();
      const reviewed = await review(grant.id);
      expect(reviewed).to.deep.equal({
        ...grant,
        reviewedAt: reviewed.reviewedAt,
        reviewerId: colleague.user.id,
        outcome: REVIEW.outcome,
        reason: REASON,
        note: REVIEW.note,
      });
      expect(await findGrant(grant.id)).to.deep.equal(reviewed);
      const query = `GET /audit?subject=${caseId}&action=cases.glass-reviewed`;
      const { items } = await api.get('audit', 200, query, { as: admin });
      expect(items.map(({ actor }) => actor.id)).to.deep.equal([colleague.user.id]);
    });

    it('409 for the second one, also of ten at once', async () => {
      const { id } = await breakGlass();
      const answers = await Promise.all(Array.from({ length: 10 }, () => attemptReview(id, colleague)));
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
      for (const answer of answers) {
        if (answer.status !== 200) problemOf(answer, 409, 'cases.grant-reviewed');
      }
    });

    it("403 for one's own grant, unless nobody else could review it", async () => {
      problemOf(await attemptReview((await breakGlass()).id, admin), 403, 'access.forbidden');
      const { slug } = await api.tenant();
      const [alone, theirs] = [await api.member('admin', slug), await api.patient(slug)];
      const own = await desk.submit(theirs);
      const body = { reason: REASON };
      const sent = { as: alone, body };
      const { grant } = await api.get('grant', 201, `POST /cases/${own.id}/break-glass`, sent);
      expect(await review(grant.id, alone)).to.include({ reviewerId: alone.user.id });
    });

    it('401, 403 and 404 for everybody else', async () => {
      const { id } = await breakGlass();
      const stranger = await api.member('admin', (await api.tenant()).slug);
      problemOf(await attemptReview(id, undefined), 401, 'access.unauthenticated');
      problemOf(await attemptReview(id, patient), 403, 'access.forbidden');
      problemOf(await attemptReview(id, stranger), 404, 'request.not-found');
      problemOf(await attemptReview(caseId, colleague), 404, 'request.not-found');
      expect(await findGrant(id)).to.include({ reviewedAt: null });
    });

    it('422 at the field that says nothing, or too much', async () => {
      const { id } = await breakGlass();
      for (const [body, code, pointer] of [
        [{ ...REVIEW, outcome: ' ' }, 'cases.outcome-rejected', '/outcome'],
        [{ ...REVIEW, outcome: 'x'.repeat(101) }, 'cases.outcome-rejected', '/outcome'],
        [{ ...REVIEW, note: '' }, 'cases.reason-rejected', '/note'],
        [{ ...REVIEW, note: 'x'.repeat(1001) }, 'cases.reason-rejected', '/note'],
        [{ outcome: 'justified' }, 'request.invalid', '/note'],
        [{ ...REVIEW, reviewerId: colleague.user.id }, 'request.invalid', '/reviewerId'],
      ] as const) {
        const problem = problemOf(await attemptReview(id, colleague, body), 422, code);
        expect(problem.errors?.map((error) => error.pointer)).to.deep.equal([pointer]);
      }
      expect(await findGrant(id)).to.include({ reviewedAt: null });
    });
  });
});
