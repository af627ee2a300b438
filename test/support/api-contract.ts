import { expect } from 'chai';
import { z } from 'zod';
import { PROBLEMS } from '../../src/adapters/http/problems/problem-catalogue.ts';
import type { ProblemAnswer } from './api-bodies.ts';
import type { Incoming, Outgoing } from './http-exchange.ts';

/** An operation of an OpenAPI document, as far as answers are held against it. */
interface Operation {
  readonly responses: Readonly<Record<string, RegisteredAnswer>>;
}

interface RegisteredAnswer {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

type JsonSchema = Exclude<Parameters<typeof z.fromJSONSchema>[0], boolean>;

/** An OpenAPI document, as far as answers are held against it. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What may be answered where there is no operation: nothing but that, and that the request itself is broken. */
const WITHOUT_OPERATION = [400, 404, 405, 431];

/** Holds each answer against the description that the service gives of itself, and against what every answer must be. */
export class ApiContract {
  readonly #publicUrl: string;
  readonly #operations: readonly {
    readonly pattern: RegExp;
    readonly methods: ApiDocument['paths'][string];
  }[];
  readonly #definitions: Readonly<Record<string, unknown>>;
  readonly #schemas = new Map<RegisteredAnswer, z.ZodType>();

  constructor(document: ApiDocument, publicUrl: string) {
    // Schemas are read one by one, where what they refer to is called $defs.
    const text = JSON.stringify(document).replaceAll('#/components/schemas/', '#/$defs/');
    const { components, paths } = JSON.parse(text) as ApiDocument;
    this.#publicUrl = publicUrl;
    this.#definitions = components.schemas;
    this.#operations = Object.entries(paths).map(([path, methods]) => ({
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      methods,
    }));
  }

  /** @throws {AssertionError} where the answer is not one that the description lets a client expect */
  check(outgoing: Outgoing, incoming: Incoming): void {
    const what = `${outgoing.method} ${outgoing.path} → ${String(incoming.status)} ${incoming.text.slice(0, 500)}`;
    expect(incoming.headers.get('x-request-id'), what).to.match(UUID);
    expect(incoming.headers.get('x-content-type-options'), what).to.equal('nosniff');
    expect(incoming.headers.get('content-security-policy'), what).to.contain("default-src 'none'");
    if (incoming.status >= 400 && outgoing.method !== 'HEAD' && !isReadiness(outgoing)) {
      this.#checkProblem(incoming, what);
    }
    const operation = this.#operationOf(outgoing);
    if (operation) this.#checkRegistered(operation, outgoing, incoming, what);
    else if (outgoing.method !== 'OPTIONS') expect(incoming.status, what).to.be.oneOf(WITHOUT_OPERATION);
  }

  #operationOf({ method, path }: Outgoing): Operation | undefined {
    const [bare = ''] = path.split('?');
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
    return this.#operations.find(({ pattern }) => pattern.test(bare))?.methods[verb];
  }

  #checkProblem({ headers, status, text }: Incoming, what: string): void {
    expect(headers.get('content-type'), what).to.equal('application/problem+json');
    expect(headers.get('cache-control'), what).to.equal('no-store');
    const problem = JSON.parse(text) as ProblemAnswer;
    const kind = PROBLEMS[problem.code as keyof typeof PROBLEMS];
    expect(problem, what).to.deep.include({
      status,
      title: kind.title,
      type: `${this.#publicUrl}/docs/problems#${problem.code}`,
      requestId: headers.get('x-request-id'),
      instance: `urn:uuid:${problem.requestId}`,
    });
    expect(kind.status, what).to.equal(status);
    const asksForProof = status === 401 || problem.code === 'access.step-up-required';
    expect(headers.has('www-authenticate'), what).to.equal(asksForProof);
    if (status === 429 || status === 503) expect(headers.get('retry-after'), what).to.match(/^[1-9]\d*$/);
  }

  #checkRegistered(operation: Operation, outgoing: Outgoing, incoming: Incoming, what: string): void {
    const { headers, status, text } = incoming;
    const registered = operation.responses[String(status)];
    expect(Object.keys(operation.responses), what).to.include(String(status));
    const [type = ''] = (headers.get('content-type') ?? '').split(';');
    expect(type === '' ? [] : [type], what).to.deep.equal(Object.keys(registered?.content ?? {}));
    if (outgoing.method === 'HEAD' || registered?.content === undefined) {
      expect(text, what).to.equal('');
      return;
    }
    if (!type.endsWith('json')) return;
    const body: unknown = JSON.parse(text);
    const refused = this.#schemaOf(registered, type).safeParse(body).error;
    if (refused) expect.fail(`${what}\n${z.prettifyError(refused)}`);
    if (status >= 400 && !isReadiness(outgoing)) {
      expect(registered.description, what).to.contain(`\`${(body as ProblemAnswer).code}\``);
    }
  }

  #schemaOf(registered: RegisteredAnswer, type: string): z.ZodType {
    const known = this.#schemas.get(registered);
    if (known) return known;
    const schema = { ...registered.content![type]!.schema, $defs: this.#definitions } as JsonSchema;
    const made = z.fromJSONSchema(schema);
    this.#schemas.set(registered, made);
    return made;
  }
}

/** Its 503 tells orchestrators what fails, and is no problem. */
const isReadiness = ({ path }: Outgoing): boolean => path === '/health/ready';
