import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readIfThere } from './keep-once.ts';

/**
 * A port of 127.0.0.1 that is free now: the one that the cluster had last, so that clients which outlived a crashed
 * server find the next one, else any. Another program may still take it first.
 */
export async function choosePort(dataFolder: string, attempt: number): Promise<number> {
  if (attempt === 0) {
    const options = (await readIfThere(join(dataFolder, 'postmaster.opts'))) ?? '';
    const last = Number(/"port=(\d+)"/.exec(options)?.[1] ?? 0);
    if (last > 0 && last < 65_536 && (await boundPort(last)) !== null) return last;
  }
  const port = await boundPort(0);
  if (port === null) throw new Error('No port of 127.0.0.1 is free.');
  return port;
}

async function boundPort(wanted: number): Promise<number | null> {
  const server = createServer();
  try {
    server.listen({ port: wanted, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
    const address = server.address();
    return address instanceof Object ? address.port : null;
  } catch {
    return null;
  } finally {
    if (server.listening) {
      server.close();
      await once(server, 'close');
    }
  }
}
