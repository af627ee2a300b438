import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A vendor's server, where its public keys are. */
export interface KeyServer {
  readonly url: string;
  /** How often it was asked. */
  readonly asked: () => number;
  /** Answers from now on with this set of keys, or however the function does. */
  readonly serve: (answer: { readonly keys: readonly unknown[] } | RequestListener) => void;
  readonly stop: () => Promise<void>;
}

/** Starts a server that publishes no key yet. */
export async function keyServer(): Promise<KeyServer> {
  let [count, answer]: [number, RequestListener] = [0, publishing([])];
  const server = createServer((request, response) => {
    count += 1;
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    asked: () => count,
    serve: (given) => {
      answer = typeof given === 'function' ? given : publishing(given.keys);
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const publishing =
  (keys: readonly unknown[]): RequestListener =>
  (_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys }));
  };
