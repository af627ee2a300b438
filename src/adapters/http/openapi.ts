import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import { POLICY, STEP_UP_SECONDS } from '../../domain/access/policy.ts';
import { isSchema } from './is-schema.ts';
import { ACCOUNT_PAGES } from './pages/account-pages.ts';
import { ProblemBody } from './problems/problem-body.ts';
import { type ProblemCode, PROBLEMS } from './problems/problem-catalogue.ts';
import { problemsOfRoute } from './problems-of-route.ts';
import type { Access, FieldsSchema, ResponseBody, Route } from './route.ts';

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = ReturnType<typeof createDocument>;

/**
 * Describes exactly the routes that are served, in OpenAPI 3.1.
 *
 * @param version of the service
 */
export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Casegate',
      version,
      description:
        'Identity, access and case intake for a second-opinion practice. Errors are problems (RFC 9457); their codes are at [docs/problems](docs/problems).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The access token of a login (RFC 6750)',
        },
      },
    },
  });
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { access, input, method, path, responses, summary } = route;
  const { body, headers, params, query } = input;
  return {
    operationId: [method, ...path.split(/\W+/)].filter(Boolean).map(capitalized).join(''),
    tags: [tagOf(path)],
    summary,
    ...descriptionOf(access),
    security: securityOf(access),
    ...((params ?? query ?? headers) && {
      requestParams: {
        ...(params && { path: params }),
        ...(query && { query }),
        ...(headers && { header: withoutBrowserHeaders(headers) }),
      },
    }),
    ...(body && {
      requestBody: {
        content: { 'application/json': { schema: body } },
        required: !body.safeParse(undefined).success,
      },
    }),
    responses: { ...problemResponses(route), ...successResponses(responses) },
  };
}

/** What everybody may look at is kept apart from the API proper. */
function tagOf(path: string): string {
  const [, first = ''] = path.split('/');
  if (first === 'pages' || first in ACCOUNT_PAGES) return 'pages';
  return ['.well-known', 'openapi.json', 'docs'].includes(first) ? 'meta' : first;
}

/** What has to be said of a credential beyond that there must be one. */
function descriptionOf(access: Access): { readonly description?: string } {
  if (access === 'public') return {};
  const rule = POLICY[access];
  const sentences = [
    ...('stepUp' in rule
      ? [
          `A session must have proven who is behind it within the last ${STEP_UP_SECONDS} seconds (\`POST /auth/step-up\`), by two factors where the account has a second one.`,
        ]
      : []),
    ...('enrolling' in rule
      ? ['Takes the enrolment token of a sign-in in place of an access token as well.']
      : []),
  ];
  return sentences.length > 0 ? { description: sentences.join(' ') } : {};
}

/** What browsers send by themselves is no parameter for callers to set. */
const withoutBrowserHeaders = (headers: FieldsSchema): FieldsSchema =>
  headers instanceof z.ZodObject
    ? z.object(
        Object.fromEntries(Object.entries(headers.shape).filter(([name]) => !BROWSER_HEADERS.has(name))),
      )
    : headers;

const BROWSER_HEADERS: ReadonlySet<string> = new Set(['cookie', 'origin']);

const capitalized = (word: string, index: number): string =>
  index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1);

/** Of what the policy opens to anonymous callers, the empty one is an alternative. */
function securityOf(access: Access): Record<string, string[]>[] {
  if (access === 'public') return [];
  return 'anonymous' in POLICY[access] ? [{}, { bearer: [] }] : [{ bearer: [] }];
}

function successResponses(
  responses: Route['responses'],
): Record<`${2 | 5}${string}`, ZodOpenApiResponseObject> {
  return Object.fromEntries(
    Object.entries(responses).map(([status, body]) => [
      status,
      { description: status.startsWith('2') ? 'Done' : 'Not now', ...(body && { content: contentOf(body) }) },
    ]),
  );
}

function contentOf(body: Exclude<ResponseBody, null>): NonNullable<ZodOpenApiResponseObject['content']> {
  if (isSchema(body)) return { 'application/json': { schema: body } };
  const type = body.contentType.split(';')[0] ?? body.contentType;
  return { [type]: { schema: { type: type === 'application/json' ? 'object' : 'string' } } };
}

function problemResponses(route: Route): Record<`${4 | 5}${string}`, ZodOpenApiResponseObject> {
  const byStatus = Map.groupBy(problemsOfRoute(route), (code) => PROBLEMS[code].status);
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, problemResponse(codes)]));
}

const problemResponse = (codes: readonly ProblemCode[]): ZodOpenApiResponseObject => ({
  description: codes.map((code) => `\`${code}\``).join(', '),
  content: { 'application/problem+json': { schema: ProblemBody } },
});
