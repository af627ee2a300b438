import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type Answer, type Api, PASSWORD, type Person, type Sent, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const LIMIT = 64 * 1024;

describe('The body of a request', () => {
  let api: Api;
  let patient: Person;
  before(async () => {
    api = await startApi();
    patient = await api.patient();
  });
  after(() => api.stop());

  const post = (sent: Sent): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /cases', { as: patient, headers: JSON_TYPE, ...sent });
  /** A case of so many octets in all. */
  const caseOf = (octets: number): string => {
    const empty = JSON.stringify({ language: 'en', question: '' });
    return JSON.stringify({ language: 'en', question: 'x'.repeat(octets - empty.length) });
  };

  describe('its size', () => {
    it('422, not 413, for 64 KiB to the octet: it was read', async () => {
      for (const chunked of [false, true]) {
        problemOf(await post({ octets: caseOf(LIMIT), chunked }), 422, 'cases.text-rejected');
      }
    });

    it('413 for one octet more, and for much more, announced or not', async () => {
      for (const octets of [caseOf(LIMIT + 1), caseOf(LIMIT * 20), ' '.repeat(LIMIT + 1)]) {
        for (const chunked of [false, true]) {
          problemOf(await post({ octets, chunked }), 413, 'request.payload-too-large');
        }
      }
    });

    it('413 comes before what is in it, and before its type', async () => {
      const headers = { 'Content-Type': 'text/plain' };
      problemOf(await post({ octets: '{'.repeat(LIMIT + 1), headers }), 413, 'request.payload-too-large');
    });
  });

  describe('its depth', () => {
    const nested = (levels: number, open: string, close: string): string =>
      `{"language":"en","question":"Is it so?","x":${open.repeat(levels - 1)}1${close.repeat(levels - 1)}}`;

    it('422, not 400, for 32 levels: it was read', async () => {
      problemOf(await post({ octets: nested(32, '[', ']') }), 422, 'request.invalid');
      problemOf(await post({ octets: nested(32, '{"x":', '}') }), 422, 'request.invalid');
    });

    it('400 for 33 levels, and for 20,000', async () => {
      for (const levels of [33, 10_000]) {
        problemOf(await post({ octets: nested(levels, '[', ']') }), 400, 'request.malformed-json');
      }
      problemOf(await post({ octets: nested(33, '{"x":', '}') }), 400, 'request.malformed-json');
      problemOf(await post({ octets: '['.repeat(20_000) }), 400, 'request.malformed-json');
    });

    it('is not counted in texts', async () => {
      const question = `${'['.repeat(100)}"\\"{{{`;
      expect((await post({ octets: JSON.stringify({ language: 'en', question }) })).status).to.equal(201);
    });
  });

  describe('its type', () => {
    const octets = JSON.stringify({ language: 'en', question: 'Is it so?' });

    it('201 for JSON in UTF-8, in any case', async () => {
      const types = [
        'application/json',
        'Application/JSON',
        'application/json; charset=utf-8',
        'application/json;charset="UTF-8"',
      ];
      for (const type of types) {
        expect((await post({ octets, headers: { 'Content-Type': type } })).status, type).to.equal(201);
      }
      const headers = { ...JSON_TYPE, 'Content-Encoding': 'identity' };
      expect((await post({ octets, headers })).status).to.equal(201);
    });

    it('415 for every other type, charset and encoding, and for none', async () => {
      const types = [
        'text/plain',
        'text/json',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json-patch+json',
        'application/problem+json',
        'application/json; charset=utf-16',
        'application/json; charset=iso-8859-1',
        'application/jsonp',
        'json',
        '*/*',
        '',
      ];
      for (const type of types) {
        const answer = await post({ octets, headers: { 'Content-Type': type } });
        problemOf(answer, 415, 'request.unsupported-media-type');
      }
      problemOf(await post({ octets, headers: {} }), 415, 'request.unsupported-media-type');
      for (const encoding of ['gzip', 'deflate', 'br', 'nonsense', 'identity, gzip']) {
        const headers = { ...JSON_TYPE, 'Content-Encoding': encoding };
        problemOf(await post({ octets: gzipSync(octets), headers }), 415, 'request.unsupported-media-type');
      }
    });
  });

  describe('its form', () => {
    it('400 request.malformed-json for what is no JSON, or no object or list', async () => {
      const bodies = [
        '{',
        '}',
        '{"language":"en",}',
        "{'language':'en'}",
        '{"a":1}{"a":1}',
        '{"a":01}',
        'null',
        'true',
        '1',
        '"text"',
        'NaN',
        'undefined',
        '{"a":"\n"}',
        '{"a":"\\x"}',
        '\u0000{}',
        '<xml/>',
      ];
      for (const octets of bodies) problemOf(await post({ octets }), 400, 'request.malformed-json');
    });

    it('400 request.malformed-json for what is no UTF-8', async () => {
      const around = (...octets: readonly number[]): Uint8Array =>
        Buffer.concat([
          Buffer.from('{"language":"en","question":"Is it so'),
          Buffer.from(octets),
          Buffer.from('?"}'),
        ]);
      const sequences = [[0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80]];
      for (const octets of sequences) {
        problemOf(await post({ octets: around(...octets) }), 400, 'request.malformed-json');
      }
      expect((await post({ octets: around(0xc3, 0xa9) })).status).to.equal(201);
    });

    it('422 for one that is missing, and for a list', async () => {
      problemOf(await api.send('problem', 'POST /cases', { as: patient }), 422, 'request.invalid');
      problemOf(await post({ octets: '' }), 422, 'request.invalid');
      problemOf(await post({ octets: '[]' }), 422, 'request.invalid');
    });
  });

  describe('its texts', () => {
    const fields: readonly (readonly [string, object, string])[] = [
      ['POST /cases', { language: 'en', question: 'Is it so?', specialty: 'x', vendorId: 'x' }, 'question'],
      ['POST /cases', { language: 'en', question: 'Is it so?', specialty: 'x', vendorId: 'x' }, 'specialty'],
      ['POST /cases', { language: 'en', question: 'Is it so?', specialty: 'x', vendorId: 'x' }, 'vendorId'],
      ['POST /cases', { language: 'en', question: 'Is it so?' }, 'language'],
      ['POST /auth/register', { email: 'nul@example.org', password: PASSWORD }, 'email'],
      ['POST /auth/register', { email: 'nul@example.org', password: PASSWORD }, 'password'],
      ['POST /auth/register', { email: 'nul@example.org', password: PASSWORD, tenant: 'default' }, 'tenant'],
      ['POST /auth/login', { email: 'nul@example.org', password: PASSWORD }, 'password'],
      ['POST /auth/refresh', { refreshToken: 'x' }, 'refreshToken'],
      ['POST /auth/password', { currentPassword: PASSWORD, newPassword: PASSWORD }, 'newPassword'],
      ['PATCH /auth/me', { language: 'en' }, 'language'],
    ];
    const escapes = { NUL: '\\u0000', 'half of a surrogate pair': '\\ud83e', 'the other half': '\\udd8a' };
    for (const [what, escape] of Object.entries(escapes)) {
      it(`422 with the pointer for ${what}, in any of them`, async () => {
        for (const [request, body, field] of fields) {
          const octets = JSON.stringify({ ...body, [field]: 'before|after' }).replace('|', escape);
          const answer = await api.send('problem', request, { as: patient, octets, headers: JSON_TYPE });
          const { errors } = problemOf(answer, 422, 'request.invalid');
          expect(
            errors?.map(({ pointer }) => pointer),
            `${request} ${field}`,
          ).to.deep.equal([`/${field}`]);
        }
      });
    }

    it('422 for NUL in the name of a field, and deep within', async () => {
      const name = '{"language":"en","question":"Is it so?","a\\u0000b":1}';
      problemOf(await post({ octets: name }), 422, 'request.invalid');
      const deep = '{"language":"en","question":"Is it so?","x":[{"y":"a\\u0000b"}]}';
      const { errors } = problemOf(await post({ octets: deep }), 422, 'request.invalid');
      expect(errors?.[0]?.pointer).to.equal('/x/0/y');
    });

    it('422 for NUL in a path and in a query', async () => {
      const admin = await api.member('admin');
      for (const request of [
        'GET /users/%00',
        'GET /users?cursor=%00',
        'GET /cases/a%00b',
        'GET /cases?x%00=1',
      ]) {
        problemOf(await api.send('problem', request, { as: admin }), 422, 'request.invalid');
      }
    });
  });

  it('is never told back: no value, no name that is not plain, wherever it came in', async () => {
    const CANARY = 'canary-4711';
    const admin = await api.member('admin');
    const bodies = [
      ...['email', 'password', 'tenant', 'language', 'role'].map((field) => ({ [field]: CANARY })),
      { email: [CANARY], password: { [`${CANARY} `]: CANARY } },
      { [`${CANARY} with a blank`]: 1, [CANARY.repeat(20)]: 2 },
      [CANARY],
    ];
    const answers = [];
    for (const body of bodies) {
      for (const request of [
        'POST /auth/register',
        'POST /auth/login',
        'POST /users',
        'POST /cases',
        'POST /tenants',
      ]) {
        answers.push(await api.send('problem', request, { as: admin, body }));
      }
    }
    for (const octets of [`{"${CANARY}`, CANARY, `{"email":"${CANARY}"`, `"${CANARY}"`]) {
      answers.push(await api.send('problem', 'POST /auth/login', { octets, headers: JSON_TYPE }));
    }
    const requests = [
      `GET /${CANARY}`,
      `GET /users/${CANARY}`,
      `GET /users?limit=${CANARY}`,
      `GET /users?cursor=${CANARY}`,
      `GET /cases?state=${CANARY}`,
      `GET /%ZZ${CANARY}`,
      `DELETE /auth/sessions/${CANARY}`,
    ];
    for (const request of requests) answers.push(await api.send('problem', request, { as: admin }));
    for (const headers of [
      { Authorization: `Bearer ${CANARY}` },
      { Authorization: CANARY },
      { 'X-Request-Id': CANARY },
    ]) {
      answers.push(await api.send('problem', 'GET /auth/sessions', { headers }));
    }
    const headers = { 'Content-Type': CANARY };
    answers.push(await api.send('problem', 'POST /auth/login', { octets: '{}', headers }));
    for (const answer of answers) {
      expect(answer.status).to.be.within(400, 499);
      expect(answer.text + JSON.stringify([...answer.headers])).to.not.contain(CANARY);
    }
  });

  it('is not asked for where there is nothing to say: no type is needed', async () => {
    const person = await api.patient();
    const requests = ['GET /auth/me', 'DELETE /auth/sessions', 'POST /auth/logout'];
    for (const request of requests) {
      expect((await api.send('nothing', request, { as: person })).status, request).to.be.within(200, 204);
    }
  });

  it('is not looked at where a route takes none', async () => {
    const sent = { as: patient, octets: '{ nonsense', headers: { 'Content-Type': 'text/plain' } };
    expect((await api.send('nothing', 'DELETE /auth/sessions', sent)).status).to.equal(204);
  });
});
