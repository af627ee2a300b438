import { type Agent, request } from 'node:http';

/** A request, octet by octet as it goes out: no header is added but Host and the length of the body. */
export interface Outgoing {
  readonly method: string;
  readonly path: string;
  /** In this order; a name may come twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array | string | undefined;
  /** Sends the body without telling its length. */
  readonly chunked?: boolean | undefined;
}

/** What came back, all of it. */
export interface Incoming {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends one request on a connection of `agent`. */
export function httpExchange(base: URL, agent: Agent, outgoing: Outgoing): Promise<Incoming> {
  const { body, chunked = false, method, path } = outgoing;
  const headers = [...outgoing.headers];
  if (!headers.some(([name]) => name.toLowerCase() === 'host')) headers.unshift(['Host', base.host]);
  if (chunked) headers.push(['Transfer-Encoding', 'chunked']);
  else if (body !== undefined) headers.push(['Content-Length', String(Buffer.byteLength(body))]);
  else if (!WITHOUT_BODY.has(method)) headers.push(['Content-Length', '0']);
  return new Promise((resolve, reject) => {
    const options = { agent, method, path, headers: headers.flat(), host: base.hostname, port: base.port };
    const sent = request(options, (response) => {
      const octets: Buffer[] = [];
      response.on('data', (chunk: Buffer) => octets.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, rawHeaders } = response;
        resolve({ status: statusCode, headers: headersOf(rawHeaders), text: String(Buffer.concat(octets)) });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Of other methods, Node announces a body in chunks where nothing is said. */
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);

function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index < raw.length; index += 2) headers.append(raw[index]!, raw[index + 1]!);
  return headers;
}
