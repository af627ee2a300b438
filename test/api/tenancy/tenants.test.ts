import { expect } from 'chai';
import { type Answer, type Api, type Person, startApi } from '../../support/api.ts';
import { everyPage } from '../../support/every-page.ts';
import { problemOf } from '../../support/problem-of.ts';

const DUE_HOURS = ['/dueHours/asap', '/dueHours/urgent', '/dueHours/routine'];
const NOBODY = '01900000-0000-7000-8000-000000000000';

describe('/tenants', () => {
  let api: Api;
  let operator: Person;
  before(async () => {
    api = await startApi();
    operator = await api.member('admin');
  });
  after(() => api.stop());

  const send = (request: string, body?: unknown, as: Person = operator): Promise<Answer<'problem'>> =>
    api.send('problem', request, { as, ...(body !== undefined && { body }) });
  const pointersOf = (answer: Answer<'problem'>): readonly string[] =>
    (problemOf(answer, 422, 'request.invalid').errors ?? []).map(({ pointer }) => pointer);

  const FULL = {
    name: 'North Clinic',
    privatePool: 'north',
    allowOverflow: true,
    quotas: { requestsPerDay: 1000, userRequestsPerDay: null },
    passwordPolicy: { minLength: 12 },
    dueHours: { asap: 1, urgent: 12, routine: 168 },
    mfaRequired: true,
  };

  describe('POST /tenants', () => {
    it('201 makes a tenant with the defaults of its kind, at a place of its own', async () => {
      const body = { slug: 'plain', name: 'Plain' };
      const answer = await api.send('tenant', 'POST /tenants', { as: operator, body });
      expect(answer.status).to.equal(201);
      expect(answer.body).to.have.all.keys('tenant');
      const { id, ...rest } = answer.body.tenant;
      expect(rest).to.deep.equal({
        ...body,
        privatePool: null,
        allowOverflow: false,
        quotas: { requestsPerDay: null, userRequestsPerDay: null },
        passwordPolicy: { minLength: 8 },
        dueHours: { asap: 4, urgent: 24, routine: 72 },
        mfaRequired: false,
      });
      expect(answer.headers.get('location')).to.equal(`/tenants/${id}`);
      expect(await api.get('tenant', 200, `GET /tenants/${id}`, { as: operator })).to.deep.equal(answer.body);
    });

    it('201 takes every field', async () => {
      const body = { slug: 'north-clinic', ...FULL };
      const { tenant } = await api.get('tenant', 201, 'POST /tenants', { as: operator, body });
      expect(tenant).to.deep.equal({ id: tenant.id, ...body });
    });

    it('409 tenancy.slug-taken, and of several that come at once all but one', async () => {
      problemOf(await send('POST /tenants', { slug: 'default', name: 'Again' }), 409, 'tenancy.slug-taken');
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => send('POST /tenants', { slug: 'at-once', name: 'At once' })),
      );
      expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
      expect(answers.filter(({ status }) => status === 409)).to.have.length(5);
    });

    it('422 for a slug that is no DNS label', async () => {
      for (const slug of ['', 'North', '-a', 'a-', 'a_b', 'a.b', 'å', 'a b', 'x'.repeat(64), 7, null]) {
        expect(pointersOf(await send('POST /tenants', { slug, name: 'x' })), String(slug)).to.deep.equal([
          '/slug',
        ]);
      }
    });

    it('201 keeps the name of a pool without the blanks around it', async () => {
      const body = { slug: 'blanks', name: 'Blanks', privatePool: '  north  ' };
      const { tenant } = await api.get('tenant', 201, 'POST /tenants', { as: operator, body });
      expect(tenant.privatePool).to.equal('north');
    });

    it('422 tenancy.due-hours-rejected where the more pressing would be due later', async () => {
      for (const dueHours of [
        { asap: 25, urgent: 24, routine: 72 },
        { asap: 4, urgent: 73, routine: 72 },
      ]) {
        const body = { slug: 'never-due', name: 'x', dueHours };
        const refused = problemOf(await send('POST /tenants', body), 422, 'tenancy.due-hours-rejected');
        expect(refused.errors?.map(({ pointer }) => pointer)).to.deep.equal(['/dueHours']);
      }
      expect(await api.sql("SELECT FROM tenants WHERE slug = 'never-due'")).to.be.empty;
    });

    it('422 for every field that is missing, unknown or out of bounds', async () => {
      const good = { slug: 'never-made', name: 'x' };
      const bodies: readonly (readonly [object, readonly string[]])[] = [
        [{}, ['/name', '/slug']],
        [{ ...good, name: '' }, ['/name']],
        [{ ...good, name: 'x'.repeat(201) }, ['/name']],
        [{ ...good, id: NOBODY }, ['/id']],
        [{ ...good, allowOverflow: 'yes' }, ['/allowOverflow']],
        [{ ...good, passwordPolicy: { minLength: 7 } }, ['/passwordPolicy/minLength']],
        [{ ...good, passwordPolicy: { minLength: 8, composition: true } }, ['/passwordPolicy/composition']],
        [
          { ...good, quotas: { requestsPerDay: -1, userRequestsPerDay: 1.5 } },
          ['/quotas/requestsPerDay', '/quotas/userRequestsPerDay'],
        ],
        [{ ...good, privatePool: '' }, ['/privatePool']],
        [{ ...good, privatePool: '\u2003' }, ['/privatePool']],
        [{ ...good, privatePool: 'x'.repeat(101) }, ['/privatePool']],
        [{ ...good, dueHours: null }, ['/dueHours']],
        [{ ...good, dueHours: { asap: 4, routine: 72 } }, ['/dueHours/urgent']],
        [{ ...good, dueHours: { asap: 0, urgent: 1.5, routine: '72' } }, DUE_HOURS],
        [{ ...good, dueHours: { asap: 8761, urgent: 8761, routine: 8761 } }, DUE_HOURS],
        [{ ...good, dueHours: { asap: 4, urgent: 24, routine: 72, later: 99 } }, ['/dueHours/later']],
        [{ ...good, quotas: {} }, ['/quotas/requestsPerDay', '/quotas/userRequestsPerDay']],
      ];
      for (const [body, pointers] of bodies) {
        expect(pointersOf(await send('POST /tenants', body)), JSON.stringify(body)).to.have.members(pointers);
      }
      expect(await api.sql("SELECT FROM tenants WHERE slug = 'never-made'")).to.be.empty;
    });
  });

  describe('GET /tenants', () => {
    it('200 lists each tenant once, the newest first, page by page', async () => {
      const made = [await api.tenant(), await api.tenant(), await api.tenant()];
      const [row] = await api.sql('SELECT count(*)::int AS count FROM tenants');
      const seen = await everyPage((cursor) =>
        api.get('tenants', 200, `GET /tenants?limit=2${cursor}`, { as: operator }),
      );
      expect(seen).to.have.length(row?.['count'] as number);
      expect(new Set(seen.map(({ id }) => id)).size).to.equal(seen.length);
      expect(seen.slice(0, 3)).to.deep.equal(made.toReversed());
      expect(seen.at(-1)?.slug).to.equal('default');
    });

    it('422 for a limit or a cursor that is none', async () => {
      expect(pointersOf(await send('GET /tenants?limit=101'))).to.deep.equal(['/limit']);
      expect(pointersOf(await send('GET /tenants?cursor=x'))).to.deep.equal(['/cursor']);
    });
  });

  describe('PATCH /tenants/{id}', () => {
    it('200 changes what it names, and leaves the rest', async () => {
      const tenant = await api.tenant();
      const request = `PATCH /tenants/${tenant.id}`;
      const named = await api.get('tenant', 200, request, { as: operator, body: { name: 'Renamed' } });
      expect(named.tenant).to.deep.equal({ ...tenant, name: 'Renamed' });
      const full = await api.get('tenant', 200, request, { as: operator, body: FULL });
      expect(full.tenant).to.deep.equal({ ...tenant, ...FULL });
      const open = await api.get('tenant', 200, request, { as: operator, body: { privatePool: null } });
      expect(open.tenant).to.deep.equal({ ...tenant, ...FULL, privatePool: null });
      expect(await api.get('tenant', 200, `GET /tenants/${tenant.id}`, { as: operator })).to.deep.equal(open);
    });

    it('200 changes all due times at once, 422 where the more pressing would be due later', async () => {
      const tenant = await api.tenant();
      const request = `PATCH /tenants/${tenant.id}`;
      const dueHours = { asap: 2, urgent: 2, routine: 8760 };
      const changed = await api.get('tenant', 200, request, { as: operator, body: { dueHours } });
      expect(changed.tenant).to.deep.equal({ ...tenant, dueHours });
      const body = { dueHours: { ...dueHours, asap: 3 } };
      problemOf(await send(request, body), 422, 'tenancy.due-hours-rejected');
      expect(pointersOf(await send(request, { dueHours: { asap: 1 } }))).to.have.members(DUE_HOURS.slice(1));
      expect(await api.get('tenant', 200, `GET /tenants/${tenant.id}`, { as: operator })).to.deep.equal(
        changed,
      );
    });

    it('422 for the slug, for nothing, and for unknown fields', async () => {
      const { id } = await api.tenant();
      expect(pointersOf(await send(`PATCH /tenants/${id}`, { slug: 'other', name: 'x' }))).to.deep.equal([
        '/slug',
      ]);
      expect(pointersOf(await send(`PATCH /tenants/${id}`, {}))).to.deep.equal(['']);
      expect(pointersOf(await send(`PATCH /tenants/${id}`, { name: 'x', version: 9 }))).to.deep.equal([
        '/version',
      ]);
    });
  });

  it('404 for a tenant that is none', async () => {
    for (const id of [NOBODY, 'default', '1']) {
      problemOf(await send(`GET /tenants/${id}`), 404, 'request.not-found');
      problemOf(await send(`PATCH /tenants/${id}`, { name: 'x' }), 404, 'request.not-found');
    }
  });

  describe('to anybody but an admin of the practice', () => {
    const requests: readonly (readonly [string, object?])[] = [
      ['GET /tenants'],
      ['POST /tenants', { slug: 'mine', name: 'Mine' }],
      ['GET /tenants/{own}'],
      ['PATCH /tenants/{own}', { name: 'Mine' }],
    ];
    for (const [pattern, body] of requests) {
      it(`${pattern} is 401 without a credential, and 403 for admins of other tenants, and for everybody else`, async () => {
        const own = await api.tenant();
        const request = pattern.replace('{own}', own.id);
        const anybody = await api.send('problem', request, { ...(body && { body }) });
        problemOf(anybody, 401, 'access.unauthenticated');
        const others = [
          await api.member('admin', own.slug),
          await api.patient(),
          await api.member('physician'),
        ];
        for (const other of others) problemOf(await send(request, body, other), 403, 'access.forbidden');
      });
    }
  });
});
