import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What the server says of a transaction that it has kept: message `C` (CommandComplete) with this tag. */
const COMMITTED = Buffer.from('C\0\0\0\x0bCOMMIT\0', 'latin1');

/** Stands between a service and PostgreSQL, and can keep to itself that a transaction was kept. */
export interface PostgresFront {
  /** The database of the given URL, through the front. */
  readonly url: string;
  /** From now on, whoever commits hears nothing any more. */
  readonly keepSilent: () => void;
  /** How many commits nobody heard of. */
  readonly unheard: () => number;
  readonly close: () => Promise<void>;
}

/** Starts one in front of the database that `url` names; nothing is encrypted on the way. */
export async function startPostgresFront(url: string): Promise<PostgresFront> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let silent = false;
  let unheard = 0;

  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    let isMute = false;
    upstream.on('data', (octets: Buffer) => {
      if (silent && octets.includes(COMMITTED)) {
        unheard += 1;
        isMute = true;
      }
      if (!isMute) client.write(octets);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const front = new URL(url);
  front.hostname = '127.0.0.1';
  front.port = String((server.address() as AddressInfo).port);
  return {
    url: front.href,
    keepSilent: () => {
      silent = true;
    },
    unheard: () => unheard,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
