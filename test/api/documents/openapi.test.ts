import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { z } from 'zod';
import { type Api, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

/** OpenAPI 3.1, as far as the service uses it: anything else is a mistake. */
const Schema = z.record(z.string(), z.unknown());
const Content = z.record(z.string().regex(/^[a-z]+\/[a-z+-]+$/), z.strictObject({ schema: Schema }));
const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  tags: z.array(z.string().min(1)).length(1),
  summary: z.string().min(10),
  description: z.string().min(10).optional(),
  security: z.array(z.record(z.string(), z.array(z.never()))),
  parameters: z
    .array(
      z.strictObject({
        in: z.enum(['path', 'query', 'header']),
        name: z.string(),
        required: z.boolean().optional(),
        description: z.string().optional(),
        schema: Schema,
      }),
    )
    .optional(),
  requestBody: z.strictObject({ required: z.boolean().optional(), content: Content }).optional(),
  responses: z.record(
    z.string().regex(/^[2-5]\d\d$/),
    z.strictObject({ description: z.string().min(1), content: Content.optional() }),
  ),
});
const Document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.strictObject({
    title: z.literal('Casegate'),
    version: z.string(),
    description: z.string(),
    license: z.strictObject({ name: z.literal('MIT'), identifier: z.literal('MIT') }),
  }),
  servers: z.array(z.strictObject({ url: z.string() })),
  paths: z.record(
    z.string().startsWith('/'),
    z.record(z.enum(['get', 'post', 'put', 'patch', 'delete']), Operation.optional()),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[A-Z][A-Za-z]+$/), Schema),
    securitySchemes: z.record(z.string(), Schema),
  }),
});
type Document = z.infer<typeof Document>;

const fileOf = (name: string): Promise<string> =>
  readFile(new URL(`../../../${name}`, import.meta.url), 'utf8');

describe('GET /openapi.json', () => {
  let api: Api;
  let served: unknown;
  let document: Document;
  let operations: readonly (z.infer<typeof Operation> & { readonly method: string; readonly path: string })[];
  before(async () => {
    api = await startApi();
    const answer = await api.send('nothing', 'GET /openapi.json');
    expect(answer.headers.get('content-type')).to.equal('application/json; charset=utf-8');
    served = answer.body;
    document = Document.parse(served);
    operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, operation]) =>
        operation ? [{ ...operation, method, path }] : [],
      ),
    );
  });
  after(() => api.stop());

  it('is what docs/openapi.json has, of the version of the package', async () => {
    expect(served).to.deep.equal(JSON.parse(await fileOf('docs/openapi.json')));
    const { version } = JSON.parse(await fileOf('package.json')) as { version: string };
    expect(document.info.version).to.equal(version);
  });

  it('has every operation once, each parameter of its path, and nothing that it refers to is missing', () => {
    expect(new Set(operations.map(({ operationId }) => operationId)).size).to.equal(operations.length);
    for (const { path, parameters = [] } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((parameter) => parameter.in === 'path');
      expect(
        declared.map(({ name }) => name),
        path,
      ).to.deep.equal(named);
      expect(declared.every(({ required }) => required)).to.be.true;
    }
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(known).to.include.members([...new Set(refs)]);
    expect(
      operations.flatMap(({ security }) => security.flatMap((scheme) => Object.keys(scheme))),
    ).to.satisfy((schemes: string[]) =>
      schemes.every((scheme) => scheme in document.components.securitySchemes),
    );
  });

  it('has the routes of docs/routes.md, no more and no less', async () => {
    const rows = [
      ...(await fileOf('docs/routes.md')).matchAll(/^\| `([A-Z]+)` \| `([^`]+)` \| ([^|]+) \|/gm),
    ];
    const listed = rows.map(([, method, path]) => `${method!} ${path!.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(listed).to.have.members(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`));
    const closed = rows
      .filter(([, , , who]) => !/anybody|without a credential/.test(who!))
      .map(([, method, path]) => `${method!} ${path!.replaceAll(/:(\w+)/g, '{$1}')}`);
    const bearerOnly = operations.filter(({ security }) => security.length === 1 && 'bearer' in security[0]!);
    expect(bearerOnly.map(({ method, path }) => `${method.toUpperCase()} ${path}`)).to.have.members(closed);
  });

  it('tells the truth about credentials: 401 without one exactly where one is needed', async () => {
    for (const { method, path, security } of operations) {
      const named = path.replaceAll(/\{\w+\}/g, '01900000-0000-7000-8000-000000000000');
      const request = `${method.toUpperCase()} ${named}`;
      const answer = await api.send('problem', request);
      const isNeeded = security.length > 0 && security.every((scheme) => 'bearer' in scheme);
      if (isNeeded) problemOf(answer, 401, 'access.unauthenticated');
      else expect(answer.status, request).to.be.oneOf([200, 422]);
    }
  });

  it('tells of a problem with every status from 400 on, and has its schema', () => {
    for (const { method, path, responses } of operations) {
      for (const [status, { content = {} }] of Object.entries(responses)) {
        if (Number(status) < 400 || path === '/health/ready') continue;
        expect(content, `${method} ${path} ${status}`).to.deep.equal({
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        });
      }
    }
  });

  it('closes the schema of every request body: what it does not name is refused', () => {
    for (const { method, path, requestBody } of operations) {
      if (!requestBody) continue;
      const schema = requestBody.content['application/json']?.schema;
      const alternatives = (schema?.['oneOf'] ?? [schema]) as readonly unknown[];
      for (const alternative of alternatives) {
        expect(alternative, `${method} ${path}`).to.include({ type: 'object', additionalProperties: false });
      }
    }
  });
});
