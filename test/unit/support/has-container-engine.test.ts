import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { hasContainerEngine } from '../../support/has-container-engine.ts';

describe('The search for a container engine', () => {
  const before = process.env['DOCKER_HOST'];
  afterEach(() => {
    if (before === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = before;
  });

  it('gives up on one that accepts connections and never answers', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address instanceof Object ? address.port : 0;
    process.env['DOCKER_HOST'] = `tcp://127.0.0.1:${port}`;
    const start = performance.now();
    expect(await hasContainerEngine(2_000)).to.equal(false);
    expect(performance.now() - start).to.be.lessThan(3_500);
    expect(sockets, 'it was asked').not.to.be.empty;
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
});
