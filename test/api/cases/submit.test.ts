import { expect } from 'chai';
import type { CaseAnswer } from '../../support/api-bodies.ts';
import { type Answer, type Api, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

const FIELDS = [
  ...['id', 'state', 'version', 'language', 'priority', 'specialty', 'patientId', 'physicianId', 'pool'],
  ...['tenantId', 'vendorId', 'flags', 'dueAt', 'createdAt', 'updatedAt', 'source'],
];
const HOUR = 3_600_000;

describe('POST /cases', () => {
  let api: Api;
  let patient: Person;
  before(async () => {
    api = await startApi();
    patient = await api.patient();
  });
  after(() => api.stop());

  const submit = (body: unknown, as: Person | undefined = patient): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /cases', { as, body });
  const submitted = (body: object, as: Person | undefined = patient) =>
    api.get('case', 201, 'POST /cases', { as, body: { language: 'en', question: 'Is it so?', ...body } });
  const pointersOf = (answer: Answer<'problem'>): readonly string[] =>
    (problemOf(answer, 422, 'request.invalid').errors ?? []).map(({ pointer }) => pointer);

  describe('201 for a patient', () => {
    it('is the queued case with its text, at a place of its own', async () => {
      const body = { language: 'en', question: 'Is it so?' };
      const answer = await api.send('case', 'POST /cases', { as: patient, body });
      expect(answer.status).to.equal(201);
      expect(answer.body).to.have.all.keys('case');
      const made: CaseAnswer = answer.body.case;
      expect(made).to.have.all.keys(...FIELDS, 'question', 'answer', 'messages', 'reasons');
      expect(made).to.deep.include({
        state: 'queued',
        version: 1,
        language: 'en',
        priority: 'routine',
        specialty: null,
        patientId: patient.user.id,
        physicianId: null,
        pool: null,
        tenantId: patient.user.tenantId,
        vendorId: null,
        // There are no physicians here.
        flags: ['no-candidate'],
        source: 'casegate',
        question: 'Is it so?',
        answer: null,
      });
      expect(made.messages).to.have.length(1);
      expect(made.messages?.[0]).to.have.all.keys('id', 'kind', 'authorRole', 'text', 'at');
      expect(made.messages?.[0]).to.include({ kind: 'question', authorRole: 'patient', text: 'Is it so?' });
      expect(answer.headers.get('location')).to.equal(`/cases/${made.id}`);
      expect(answer.headers.get('cache-control')).to.equal('no-store');
      expect(await api.get('case', 200, `GET /cases/${made.id}`, { as: patient })).to.deep.equal(answer.body);
    });

    it('is due after 72, 24 or 4 hours, as its priority says', async () => {
      for (const [priority, hours] of [
        ['routine', 72],
        ['urgent', 24],
        ['asap', 4],
      ] as const) {
        const made = (await submitted({ priority })).case;
        expect(made.priority).to.equal(priority);
        expect(Date.parse(made.dueAt) - Date.parse(made.createdAt)).to.equal(hours * HOUR);
      }
    });

    it('keeps specialty, vendor and language, and the pool of the tenant', async () => {
      const closed = await api.tenant({ privatePool: 'north' });
      const other = await api.patient(closed.slug);
      const body = { language: 'iw', specialty: 'cardiology', vendorId: 'Fund-7' };
      const made = (await submitted(body, other)).case;
      const kept = { ...body, language: 'he', vendorId: 'fund-7' };
      expect(made).to.include({ ...kept, pool: 'north', tenantId: closed.id });
    });

    it('gives the legacy service a row of its own, without the text', async () => {
      const { id } = (await submitted({ vendorId: 'fund-7' })).case;
      const rows = await api.sql(
        'SELECT user_uuid, vendor_id, language, question FROM rn_requests WHERE uuid = $1',
        [id],
      );
      expect(rows).to.deep.equal([
        { user_uuid: patient.user.id, vendor_id: 'fund-7', language: 'en', question: null },
      ]);
    });
  });

  describe('201 for somebody without a credential', () => {
    it('is the case without its text, and a receipt that is shown this once', async () => {
      const body = { language: 'he', question: 'האם זה כך?' };
      const answer = await api.send('case', 'POST /cases', { body });
      expect(answer.status).to.equal(201);
      expect(answer.body).to.have.all.keys('case', 'receipt');
      expect(answer.body.case).to.have.all.keys(...FIELDS);
      expect(answer.body.case).to.include({
        patientId: null,
        tenantId: patient.user.tenantId,
        state: 'queued',
      });
      expect(Buffer.from(answer.body.receipt!, 'base64url')).to.have.length(32);
      const [row] = await api.sql(
        'SELECT octet_length(receipt_hash) AS octets, spent_at, expires_at FROM case_receipts WHERE case_uuid = $1',
        [answer.body.case.id],
      );
      expect(row).to.include({ octets: 32, spent_at: null });
      const livesFor = (row?.['expires_at'] as Date).getTime() - Date.parse(answer.body.case.createdAt);
      expect(livesFor).to.equal(24 * HOUR);
    });

    it('belongs to nobody: no patient sees it, and nobody reads it without a credential', async () => {
      const body = { language: 'en', question: 'Is it so?' };
      const { id } = (await api.get('case', 201, 'POST /cases', { body })).case;
      problemOf(await api.send('problem', `GET /cases/${id}`, { as: patient }), 404, 'request.not-found');
      problemOf(await api.send('problem', `GET /cases/${id}`), 401, 'access.unauthenticated');
    });
  });

  it('401 for a bad credential, which does not make the case anonymous', async () => {
    const bad = { ...patient, accessToken: 'nonsense' };
    problemOf(await submit({ language: 'en', question: 'Is it so?' }, bad), 401, 'access.unauthenticated');
  });

  it('403 for physicians and admins', async () => {
    for (const role of ['physician', 'admin'] as const) {
      const answer = await submit({ language: 'en', question: 'Is it so?' }, await api.member(role));
      problemOf(answer, 403, 'access.forbidden');
    }
  });

  describe('the text', () => {
    const texts: Readonly<Record<string, string>> = {
      'one character': 'x',
      'one astral character': '🫀',
      '20,000 characters': 'x'.repeat(20_000),
      '20,000 characters of three octets each': '心'.repeat(20_000),
      '20,000 code points in 35,000 units of UTF-16': '🫀'.repeat(15_000) + 'x'.repeat(5000),
      'every control character but NUL':
        Array.from({ length: 31 }, (_, n) => String.fromCharCode(n + 1)).join('') + 'x',
      'blanks around, in lines': '  first\r\n\tsecond\n\n ',
      'both directions, joiners and marks': 'שָׁלוֹם \u202eabc\u202c 👩‍⚕️ e\u0301 \ufeff',
      'what looks like SQL, HTML and a format': `'; DROP TABLE cases; -- <script>alert(1)</script> %s \${x}`,
    };
    for (const [what, question] of Object.entries(texts)) {
      it(`201 comes back as it was sent: ${what}`, async () => {
        const { id } = (await submitted({ question })).case;
        const read = (await api.get('case', 200, `GET /cases/${id}`, { as: patient })).case;
        expect(read.question).to.equal(question);
        expect(read.messages?.[0]?.text).to.equal(question);
      });
    }

    const rejected: Readonly<Record<string, string>> = {
      'no character': '',
      'a blank': ' ',
      'blanks of many kinds': ' \t\r\n\u00a0\u2003\u3000\ufeff',
      '20,001 characters': 'x'.repeat(20_001),
      '20,001 code points': `${'🫀'.repeat(15_000)}${'x'.repeat(5001)}`,
    };
    for (const [what, question] of Object.entries(rejected)) {
      it(`422 cases.text-rejected, at the field: ${what}`, async () => {
        for (const as of [patient, undefined]) {
          const answer = await submit({ language: 'en', question }, as);
          const { errors } = problemOf(answer, 422, 'cases.text-rejected');
          expect(errors?.map(({ pointer }) => pointer)).to.deep.equal(['/question']);
        }
      });
    }
  });

  describe('422 request.invalid', () => {
    it('names each field that is missing, or of the wrong form', async () => {
      const good = { language: 'en', question: 'Is it so?' };
      const bodies: readonly (readonly [object, readonly string[]])[] = [
        [{}, ['/language', '/question']],
        [{ ...good, language: 'not a language' }, ['/language']],
        [{ ...good, language: null }, ['/language']],
        [{ ...good, question: ['Is it so?'] }, ['/question']],
        [{ ...good, priority: 'yesterday' }, ['/priority']],
        [{ ...good, priority: null }, ['/priority']],
        [{ ...good, specialty: '' }, ['/specialty']],
        [{ ...good, specialty: 'x'.repeat(101) }, ['/specialty']],
        [{ ...good, vendorId: 7 }, ['/vendorId']],
      ];
      for (const [body, pointers] of bodies) {
        expect(pointersOf(await submit(body)), JSON.stringify(body)).to.deep.equal(pointers);
      }
    });

    it('refuses every field that is not for the client to set', async () => {
      const fields = [
        'state',
        'version',
        'physicianId',
        'pool',
        'flags',
        'dueAt',
        'id',
        'source',
        'answer',
        'patient',
      ];
      for (const field of fields) {
        const body = { language: 'en', question: 'Is it so?', [field]: 'x' };
        expect(pointersOf(await submit(body))).to.deep.equal([`/${field}`]);
      }
    });
  });
});

describe('POST /cases where anonymous cases are off', () => {
  let api: Api;
  before(async () => {
    api = await startApi({ ANONYMOUS_CASES: 'off' });
  });
  after(() => api.stop());

  it('401 without a credential, whatever the body is', async () => {
    for (const body of [{ language: 'en', question: 'Is it so?' }, {}, 'nonsense']) {
      problemOf(await api.send('problem', 'POST /cases', { body }), 401, 'access.unauthenticated');
    }
    expect(await api.sql('SELECT FROM cases')).to.be.empty;
  });

  it('201 for a patient', async () => {
    const body = { language: 'en', question: 'Is it so?' };
    await api.get('case', 201, 'POST /cases', { as: await api.patient(), body });
  });

  it('is what the database itself holds to', async () => {
    const body = { language: 'en', question: 'Is it so?' };
    await api.get('case', 201, 'POST /cases', { as: await api.patient(), body });
    const columns = 'tenant_uuid, state, version, language, priority, due_at, created_at, updated_at';
    const add = api.sql(
      `INSERT INTO cases (uuid, ${columns}) SELECT gen_random_uuid(), ${columns} FROM cases LIMIT 1`,
    );
    const refusal = await add.then(
      () => null,
      (error: unknown) => error,
    );
    expect(refusal).to.include({ constraint: 'cases_anonymous_allowed' });
  });
});
