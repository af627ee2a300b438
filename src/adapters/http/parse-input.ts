import type { Request, Response } from 'express';
import type { z } from 'zod';
import { fieldsOf } from './problems/fields-of.ts';
import { unstorableTexts } from './problems/unstorable-texts.ts';
import { readJsonBody } from './read-json-body.ts';
import { RequestRefused } from './request-refused.ts';
import type { Call, InputSchemas } from './route.ts';

/** The parts of a request, parsed. */
export type ParsedInput = Pick<Call, 'params' | 'query' | 'headers' | 'body'>;

/**
 * Reads the parts of a request that the route has schemas for.
 *
 * @throws {RequestRefused} 404 for a path that cannot name anything, 400, 413 or 415 for a body that cannot be read, 422 for fields
 */
export async function parseInput(schemas: InputSchemas, req: Request, res: Response): Promise<ParsedInput> {
  const params = schemas.params && parseParams(schemas.params, req.params);
  const query = schemas.query && parseFields(schemas.query, req.query);
  const headers = schemas.headers && parseFields(schemas.headers, req.headers);
  const body = schemas.body && parseFields(schemas.body, await readJsonBody(req, res));
  return { params, query, headers, body };
}

function parseParams(schema: z.ZodType, params: unknown): unknown {
  refuseUnstorable(params);
  const parsed = schema.safeParse(params);
  if (!parsed.success) throw new RequestRefused('request.not-found');
  return parsed.data;
}

function parseFields(schema: z.ZodType, given: unknown): unknown {
  refuseUnstorable(given);
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new RequestRefused('request.invalid', { errors: fieldsOf(parsed.error, given) });
  return parsed.data;
}

function refuseUnstorable(given: unknown): void {
  const errors = unstorableTexts(given);
  if (errors.length > 0) throw new RequestRefused('request.invalid', { errors });
}
