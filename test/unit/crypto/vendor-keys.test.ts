import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import {
  JoseVendorStatements,
  type VendorStatementsOptions,
} from '../../../src/adapters/crypto/jose-vendor-statements.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { vendorStatementsContract } from '../../contracts/legacy/vendor-statements-contract.ts';
import { rejectionOf } from '../../contracts/security/rejection-of.ts';
import { freePort } from '../../support/free-port.ts';
import { type KeyServer, keyServer } from '../../support/key-server.ts';
import { type VendorSigner, vendorSigner } from '../../support/vendor-signer.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const EXPECTED = { nonce: 'link', kind: 'email', identifier: 'person@example.org' } as const;
const CLAIMS = {
  iss: 'north',
  aud: 'casegate',
  nonce: 'link',
  iat: SECONDS,
  exp: SECONDS + 60,
  identifier: 'person@example.org',
};

const judge = (
  urls: Readonly<Record<string, string>>,
  options: Partial<VendorStatementsOptions> = {},
): JoseVendorStatements =>
  new JoseVendorStatements({
    ...options,
    audiences: ['casegate'],
    vendors: Object.entries(urls).map(([vendorId, url]) => ({ vendorId, keys: { kind: 'url', url } })),
  });

describe('The keys of a vendor by their address', () => {
  let servers: KeyServer[];
  let server: KeyServer;
  let signer: VendorSigner;
  let statements: JoseVendorStatements;
  beforeEach(async () => {
    servers = [];
    server = await opened();
    signer = vendorSigner();
    server.serve({ keys: [signer.publicJwk] });
    statements = judge({ north: server.url });
  });
  afterEach(() => Promise.all(servers.map((each) => each.stop())));

  const opened = async (): Promise<KeyServer> => {
    const started = await keyServer();
    servers.push(started);
    return started;
  };
  const verify = (jwt: string): Promise<boolean> => statements.verify('north', jwt, EXPECTED, NOW);
  /** That nothing can be said of a good statement. */
  const expectUnavailable = async (): Promise<void> => {
    expect(await rejectionOf(verify(signer.state(CLAIMS)))).to.be.instanceOf(Unavailable);
  };

  vendorStatementsContract('JoseVendorStatements, with keys by their address,', async () => {
    const south = await opened();
    const signers = { north: signer, south: vendorSigner('PS256') };
    south.serve({ keys: [signers.south.publicJwk] });
    return {
      vendorStatements: judge({ north: server.url, south: south.url }),
      issue: ({ vendorId, kind, issuedAt, expiresAt, nonce, identifier }) =>
        signers[vendorId as keyof typeof signers].state({
          iss: vendorId,
          aud: 'casegate',
          nonce,
          iat: issuedAt.getTime() / 1000,
          exp: expiresAt.getTime() / 1000,
          identifier,
          ...(kind !== null && { kind }),
        }),
      interrupt: () => server.serve((_request, response) => response.writeHead(503).end()),
    };
  });

  it('are asked for once, however many statements come at once', async () => {
    const jwt = signer.state(CLAIMS);
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => verify(jwt)));
    expect(new Set(verdicts)).to.deep.equal(new Set([true]));
    expect(await verify(jwt)).to.be.true;
    expect(server.asked()).to.equal(1);
  });

  it('are not asked for where the statement itself is refused', async () => {
    for (const change of [{ nonce: 'other' }, { iss: 'south' }, { aud: 'other' }, { exp: SECONDS + 3_600 }]) {
      expect(await verify(signer.state({ ...CLAIMS, ...change }))).to.be.false;
    }
    expect(server.asked()).to.equal(0);
  });

  it('are not asked for again for each id that nobody knows', async () => {
    expect(await verify(signer.state(CLAIMS))).to.be.true;
    for (const kid of ['a', 'b', 'c', 'd']) expect(await verify(signer.state(CLAIMS, { kid }))).to.be.false;
    expect(server.asked()).to.equal(1);
  });

  it('count while their server is away, once they are known', async () => {
    const jwt = signer.state(CLAIMS);
    expect(await verify(jwt)).to.be.true;
    server.serve((_request, response) => response.writeHead(500).end());
    expect(await verify(jwt)).to.be.true;
  });

  describe('that are out of reach', () => {
    let told: (readonly [vendorId: string | null, fault: string])[];
    const watch = (pauseMs?: number): void => {
      told = [];
      const onFault = (...fault: (typeof told)[number]): void => void told.push(fault);
      statements = judge({ north: server.url }, { onFault, pauseMs });
    };
    const fail = (): void => server.serve((_request, response) => response.writeHead(500).end());

    it('are not asked for again for each statement', async () => {
      watch();
      fail();
      for (let count = 0; count < 5; count += 1) await expectUnavailable();
      server.serve({ keys: [signer.publicJwk] });
      await expectUnavailable();
      expect(server.asked()).to.equal(1);
    });

    it('are asked for again after a pause', async () => {
      watch(200);
      fail();
      await expectUnavailable();
      server.serve({ keys: [signer.publicJwk] });
      await delay(250);
      expect(await verify(signer.state(CLAIMS))).to.be.true;
    });

    it('are told of once, by their vendor and the code of the fault', async () => {
      watch(0);
      fail();
      await expectUnavailable();
      await expectUnavailable();
      expect(told).to.deep.equal([['north', 'HTTP 500']]);
      statements = judge(
        { north: `http://127.0.0.1:${await freePort()}/jwks.json` },
        { onFault: (...fault) => void told.push(fault) },
      );
      await expectUnavailable();
      expect(told.slice(1)).to.deep.equal([['north', 'ECONNREFUSED']]);
    });

    it('hold nobody up whose vendor is another one', async () => {
      const south = await opened();
      const other = vendorSigner();
      south.serve({ keys: [other.publicJwk] });
      fail();
      statements = judge({ north: server.url, south: south.url });
      await expectUnavailable();
      const jwt = other.state({ ...CLAIMS, iss: 'south' });
      expect(await statements.verify('south', jwt, EXPECTED, NOW)).to.be.true;
    });
  });

  it('are only those that are public', async () => {
    server.serve({ keys: [signer.privateJwk, { kty: 'oct', k: 'AAAA', kid: 'key-1' }] });
    expect(await verify(signer.state(CLAIMS))).to.be.false;
  });

  const document = JSON.stringify({ keys: [] });
  const answers: Record<string, Parameters<KeyServer['serve']>[0]> = {
    'an error': (_request, response) => response.writeHead(500).end(document),
    'nothing, by its status': (_request, response) => response.writeHead(204).end(),
    'a page': (_request, response) =>
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Sign in</title>'),
    'JSON that is no set of keys': (_request, response) => response.end('{"keys":{}}'),
    'a list': (_request, response) => response.end('[]'),
    'a text that is cut off': (_request, response) => response.end(document.slice(0, -1)),
    'a set that says a name twice': (_request, response) => response.end('{"keys":[],"keys":[]}'),
    'more than 64 KiB': (_request, response) => response.end(`{"keys":[]${' '.repeat(65_536)}}`),
    'the end of the connection': (request) => request.socket.destroy(),
    'half of it, and the end of the connection': (request, response) => {
      response.writeHead(200, { 'Content-Length': document.length });
      response.write(document.slice(0, 4), () => request.socket.destroy());
    },
  };
  for (const [what, answer] of Object.entries(answers)) {
    it(`are out of reach where the server answers with ${what}`, async () => {
      server.serve(answer);
      await expectUnavailable();
    });
  }

  it('are out of reach where nobody listens', async () => {
    statements = judge({ north: `http://127.0.0.1:${await freePort()}/jwks.json` });
    await expectUnavailable();
  });

  it('are not followed to elsewhere', async () => {
    const elsewhere = await opened();
    elsewhere.serve({ keys: [signer.publicJwk] });
    server.serve((_request, response) => response.writeHead(302, { Location: elsewhere.url }).end());
    await expectUnavailable();
    expect(elsewhere.asked()).to.equal(0);
  });

  for (const [what, answer] of Object.entries<Parameters<KeyServer['serve']>[0]>({
    'never answers': () => undefined,
    'never ends its answer': (_request, response) => void response.writeHead(200).write('{"keys":['),
  })) {
    it(`are out of reach after a while where the server ${what}`, async () => {
      const told: string[] = [];
      const onFault = (_vendorId: string | null, fault: string): void => void told.push(fault);
      statements = judge({ north: server.url }, { timeoutMs: 100, onFault });
      server.serve(answer);
      const begun = performance.now();
      await expectUnavailable();
      expect(performance.now() - begun).to.be.at.least(90);
      expect(told).to.have.length(1);
    });
  }
});
