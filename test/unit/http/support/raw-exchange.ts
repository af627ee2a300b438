import { connect } from 'node:net';

/** How long a peer may say nothing before the exchange counts as over, in milliseconds. */
const SILENCE_MS = 400;

/** What came back for octets that no HTTP client would send: all of it until the peer closes or falls silent. */
export function rawExchange(port: number, request: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(request));
    let received = '';
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    socket.on('data', (octets) => (received += octets.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}
