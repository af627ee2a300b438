import express, { type Request, type RequestHandler, type Response } from 'express';
import { isUtf8 } from 'node:buffer';
import { MIMEType } from 'node:util';
import { carriesBody } from './carries-body.ts';
import { exceedsJsonDepth } from './exceeds-json-depth.ts';
import { RequestRefused } from './request-refused.ts';

/** The most octets of a body. */
const BODY_LIMIT = 64 * 1024;
/** The most levels of a JSON body. */
const DEPTH_LIMIT = 32;

/** Why the octets of a body were refused before they were parsed. */
class UnreadableBody extends Error {
  readonly type: 'not-utf-8' | 'too-deep';
  constructor(type: UnreadableBody['type']) {
    super(type);
    this.type = type;
  }
}

const parseJson: RequestHandler = express.json({
  limit: BODY_LIMIT,
  strict: true,
  inflate: false,
  type: () => true,
  verify: (_req, _res, octets) => {
    if (!isUtf8(octets)) throw new UnreadableBody('not-utf-8');
    if (exceedsJsonDepth(octets, DEPTH_LIMIT)) throw new UnreadableBody('too-deep');
  },
});

/**
 * Reads the JSON body of a request (RFC 8259): `application/json` in UTF-8, at most 64 KiB, at most 32 levels deep.
 *
 * @returns `undefined` where there is no body; then its type does not matter
 * @throws {RequestRefused} 413, 415 or 400; never with anything that the body holds
 */
export async function readJsonBody(req: Request, res: Response): Promise<unknown> {
  if (!carriesBody(req)) return undefined;
  if (Number(req.headers['content-length'] ?? 0) > BODY_LIMIT) {
    throw new RequestRefused('request.payload-too-large');
  }
  if (!isJson(req.headers['content-type']) || isEncoded(req.headers['content-encoding'])) {
    throw new RequestRefused('request.unsupported-media-type');
  }
  await parsed(req, res);
  return req.body;
}

/** Resolves when `req.body` is there. A body that grows over the limit is refused at once, not when its end has come. */
function parsed(req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    let length = 0;
    req.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > BODY_LIMIT) reject(new RequestRefused('request.payload-too-large'));
    });
    parseJson(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(refusalOf(error))));
  });
}

/** The parser's errors hold the body, so another one takes their place. */
function refusalOf(error: unknown): RequestRefused {
  switch (error instanceof Error && 'type' in error ? error.type : undefined) {
    case 'entity.too.large':
      return new RequestRefused('request.payload-too-large');
    case 'entity.parse.failed':
      return new RequestRefused('request.malformed-json', {
        detail: 'The body is not well-formed JSON with an object at its root.',
      });
    case 'not-utf-8':
      return new RequestRefused('request.malformed-json', { detail: 'The body is not well-formed UTF-8.' });
    case 'too-deep':
      return new RequestRefused('request.malformed-json', {
        detail: `The body is nested more than ${DEPTH_LIMIT} levels deep.`,
      });
    default:
      return new RequestRefused('request.bad-request', { detail: 'The body did not arrive as announced.' });
  }
}

function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  if (contentType === 'application/json') return true;
  try {
    const { essence, params } = new MIMEType(contentType);
    return essence === 'application/json' && /^utf-8$/i.test(params.get('charset') ?? 'utf-8');
  } catch {
    return false;
  }
}

const isEncoded = (contentEncoding: string | undefined): boolean =>
  contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'identity';
