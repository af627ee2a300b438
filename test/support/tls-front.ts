import { once } from 'node:events';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';

/** A proxy that ends TLS on localhost, as one stands in front of a service in production. */
export interface TlsFront {
  /** Such as `https://localhost:41234`. */
  readonly origin: string;
  /** Says where requests are passed on to. */
  readonly passTo: (url: string) => void;
  readonly close: () => Promise<void>;
}

/** Starts one with a certificate of its own, which nobody else trusts. */
export async function startTlsFront(): Promise<TlsFront> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }]);
  let target: URL | null = null;
  const server: Server = createServer({ cert, key }, (req, res) => {
    if (!target) return void res.writeHead(502).end();
    const { headers, method, url: path } = req;
    const { hostname, port } = target;
    const onward = request({ hostname, port, method, path, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://localhost:${String(port)}`,
    passTo: (url) => (target = new URL(url)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
