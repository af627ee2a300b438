import { z } from 'zod';
import type { AnonymousActor, EnrollingActor, UserActor } from '../../domain/access/actor.ts';
import type { Act, EnrollingAct, POLICY } from '../../domain/access/policy.ts';
import type { IdempotentRequest } from '../../domain/shared/idempotent-request.ts';
import type { ProblemCode } from './problems/problem-catalogue.ts';
import { IdempotencyHeaders } from './schemas/idempotency-headers.ts';

/** The methods that routes have; HEAD comes with each GET, OPTIONS with each path. */
export type Method = 'get' | 'post' | 'patch' | 'delete';

/** Who may call a route: anybody (a credential is not looked at), or whom the policy allows the act. */
export type Access = 'public' | Act;

/** The limit that the calls of a route count against; `none` is for probes. */
export type LimitClass = 'credentials' | 'anonymous' | 'authenticated' | 'ai' | 'none';

/** A body that is sent as it is, of a type that is not JSON or was made before. */
export interface Content {
  readonly contentType: string;
}

/** What an answer of one status holds: JSON of a schema, content, or nothing. */
export type ResponseBody = z.ZodType | Content | null;

/** Successful answers by status. The schema decides what leaves: keys that it does not know are dropped. */
export type Responses = Readonly<Record<number, ResponseBody>>;

/** The device behind a request, as it shows itself. */
export interface Client {
  readonly address: string | null;
  /** At most 512 characters. */
  readonly userAgent: string | null;
}

/** A request as it reaches the handler of a route: who sends it, and its parts as the schemas gave them. */
export interface Call<
  Actor = UserActor | EnrollingActor | AnonymousActor,
  Params = unknown,
  Query = unknown,
  Headers = unknown,
  Body = unknown,
> {
  readonly actor: Actor;
  readonly client: Client;
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
  /** How the sender repeats the request; `undefined` where he sent no key, or the route takes none. */
  readonly idempotency: IdempotentRequest | undefined;
}

/** What a handler answers. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** Sent beside the usual ones, or instead of them. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The schema of a part that has named fields. */
export type FieldsSchema<Output = unknown> = z.ZodType<Output, Record<string, unknown>>;

/** The schemas of a request's parts. A part without a schema is not read. */
export interface InputSchemas {
  readonly params?: FieldsSchema | undefined;
  readonly query?: FieldsSchema | undefined;
  /** Names in lower case; headers that it does not name are not looked at. */
  readonly headers?: FieldsSchema | undefined;
  readonly body?: z.ZodType | undefined;
}

/** JSON pointers by the code of the refusal. */
export type FieldPointers = Readonly<Partial<Record<ProblemCode, string>>>;

/** A route as the kernel serves it and the documents describe it. */
export interface Route {
  readonly method: Method;
  /** As Express writes it: `/users/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly limit: LimitClass;
  /** Whether it takes an `Idempotency-Key`: its handler passes `idempotency` on, and its use case makes something once. */
  readonly idempotent: boolean;
  readonly input: InputSchemas;
  readonly responses: Responses;
  /** The refusals of its use case, for the documents; those that every route makes are added there. */
  readonly problems: readonly ProblemCode[];
  /** JSON pointers to the fields that refusals of its use case are about. */
  readonly pointers: FieldPointers;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

/** Whom a route of this access gets to see. */
type ActorOf<A extends Access> = A extends Act
  ? (typeof POLICY)[A] extends { readonly anonymous: true }
    ? UserActor | AnonymousActor
    : A extends EnrollingAct
      ? UserActor | EnrollingActor
      : UserActor
  : AnonymousActor;

/** A value that is only read. */
type Immutable<T> = T extends readonly (infer Entry)[]
  ? readonly Immutable<Entry>[]
  : T extends object
    ? { readonly [Name in keyof T]: Immutable<T[Name]> }
    : T;

/** What a handler may answer, by the declared responses. */
type ReplyOf<R extends Responses> = {
  [Status in keyof R & number]: Pick<Reply, 'headers'> & {
    readonly status: Status;
  } & (R[Status] extends z.ZodType
      ? { readonly body: Immutable<z.input<R[Status]>> }
      : R[Status] extends Content
        ? { readonly body: string | Uint8Array }
        : { readonly body?: undefined });
}[keyof R & number];

/** A route as it is written down. */
interface RouteDeclaration<
  A extends Access,
  Params extends FieldsSchema,
  Query extends FieldsSchema,
  Headers extends FieldsSchema,
  Body extends z.ZodType,
  R extends Responses,
  Answered extends ReplyOf<R>,
> extends Omit<Route, 'idempotent' | 'input' | 'problems' | 'pointers' | 'handle'> {
  readonly access: A;
  readonly idempotent?: true;
  readonly input?: {
    readonly params?: Params;
    readonly query?: Query;
    readonly headers?: Headers;
    readonly body?: Body;
  };
  readonly responses: R;
  readonly problems?: readonly ProblemCode[];
  readonly pointers?: FieldPointers;
  readonly handle: (
    call: Call<ActorOf<A>, z.output<Params>, z.output<Query>, z.output<Headers>, z.output<Body>>,
  ) => Answered | Promise<Answered>;
}

/**
 * Declares a route: who may call it, what it counts against, what it takes and what it answers. The same declaration parses,
 * authorizes, limits, checks the answer, and is described in OpenAPI.
 */
export function route<
  const A extends Access,
  R extends Responses,
  Params extends FieldsSchema = FieldsSchema<undefined>,
  Query extends FieldsSchema = FieldsSchema<undefined>,
  Headers extends FieldsSchema = FieldsSchema<undefined>,
  Body extends z.ZodType = z.ZodUndefined,
  const Answered extends ReplyOf<R> = ReplyOf<R>,
>(declaration: RouteDeclaration<A, Params, Query, Headers, Body, R, Answered>): Route {
  const { handle, idempotent = false, input = {}, problems = [], pointers = {}, ...rest } = declaration;
  return {
    ...rest,
    idempotent,
    input: idempotent ? withIdempotencyHeaders(input) : input,
    problems,
    pointers,
    // The kernel makes calls from these very schemas and this very access.
    handle: (call) => handle(call as Parameters<typeof handle>[0]),
  };
}

/** The schemas of a route that takes an `Idempotency-Key` besides. */
function withIdempotencyHeaders(input: InputSchemas): InputSchemas {
  const { headers } = input;
  if (headers === undefined) return { ...input, headers: IdempotencyHeaders };
  if (headers instanceof z.ZodObject) return { ...input, headers: headers.extend(IdempotencyHeaders.shape) };
  throw new TypeError('The headers of a route that takes an Idempotency-Key must be an object schema.');
}
