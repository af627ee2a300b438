import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { type Config, readConfig } from '../../../../src/main/config/config.ts';
import { ConfigRefused } from '../../../../src/main/config/config-refused.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { vendorSigner } from '../../../support/vendor-signer.ts';

const NORTH = { vendorId: 'north', tenant: 'default' };
const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64');
const PRODUCTION = {
  CASEGATE_PROFILE: 'production',
  DATABASE_URL: 'postgres://casegate@db.example.org/casegate',
  PUBLIC_URL: 'https://casegate.example.org',
  MASTER_KEY: KEY,
  AUDIT_KEY: Buffer.from(KEY, 'base64').reverse().toString('base64'),
  SMTP_URL: 'smtps://mail.example.org',
};

describe('The file of vendors', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = temporaryFolder('casegate-vendors-');
    file = join(folder, 'vendors.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const read = (content: unknown, env: object = {}): Config['vendors'] => {
    write('vendors.json', content);
    return readConfig({ VENDORS: file, ...env }).vendors;
  };
  /** The lines that refuse it; each names the setting. */
  const refusals = (content: unknown, env: object = {}): readonly string[] => {
    try {
      read(content, env);
    } catch (error) {
      if (!(error instanceof ConfigRefused)) throw error;
      expect(new Set(error.problems.map(({ setting }) => setting))).to.deep.equal(new Set(['VENDORS']));
      return error.problems.map(({ remedy }) => remedy);
    }
    return [];
  };

  it('says of each vendor whose it is, and what it has', () => {
    write('north.json', { keys: [vendorSigner().publicJwk] });
    const given = [
      { ...NORTH, privatePool: 'cardio', jwksFile: 'north.json', identifierKind: 'national_id' },
      { vendorId: 'south', tenant: 'clinic', jwksUrl: 'https://south.example.org/jwks.json' },
      { vendorId: 'east', tenant: 'clinic' },
    ];
    expect(read(given)).to.deep.equal([
      {
        ...NORTH,
        privatePool: 'cardio',
        identifierKind: 'national_id',
        keys: { kind: 'file', file: join(folder, 'north.json') },
      },
      {
        vendorId: 'south',
        tenant: 'clinic',
        privatePool: null,
        identifierKind: null,
        keys: { kind: 'url', url: 'https://south.example.org/jwks.json' },
      },
      { vendorId: 'east', tenant: 'clinic', privatePool: null, identifierKind: null, keys: null },
    ]);
  });

  it('may list nobody, and need not be there', () => {
    expect(read([])).to.deep.equal([]);
    expect(readConfig({}).vendors).to.deep.equal([]);
    expect(readConfig({ VENDORS: '' }).vendors).to.deep.equal([]);
  });

  it('has an effect', () => {
    write('vendors.json', []);
    expect(readConfig({ VENDORS: file }).ignored).to.deep.equal([]);
  });

  it('gives ids and names of pools their normal form', () => {
    expect(read([{ vendorId: ' North\t', tenant: 'default', privatePool: ' cardio ' }])).to.deep.include({
      ...NORTH,
      privatePool: 'cardio',
      identifierKind: null,
      keys: null,
    });
  });

  it('is found from where the service was started, and its keys from where it is', () => {
    mkdirSync(join(folder, 'keys'));
    write('keys/north.json', { keys: [vendorSigner().publicJwk] });
    const given = [{ ...NORTH, jwksFile: 'keys/north.json' }];
    const [vendor] = read(given, { VENDORS: relative(process.cwd(), file) });
    expect(vendor?.keys).to.deep.equal({ kind: 'file', file: join(folder, 'keys/north.json') });
  });

  for (const [what, content, lines] of [
    ['no JSON', '[{', [/names must hold JSON in UTF-8 that says no name twice$/]],
    ['nothing', '', [/must hold JSON/]],
    ['a name twice', '[{"vendorId":"a","tenant":"default","tenant":"other"}]', [/says no name twice$/]],
    ['no list', { vendors: [] }, [/names must hold a list such as \[\{"vendorId":"north"/]],
    ['no object', [null, 'north'], [/^entry 1: must be an object/, /^entry 2: must be an object/]],
    ['no vendor', [{ tenant: 'default' }], [/^entry 1: vendorId must be a text of 1 to 100/]],
    ['a blank vendor', [{ ...NORTH, vendorId: ' ' }], [/^entry 1: vendorId must be/]],
    ['a vendor of a number', [{ ...NORTH, vendorId: 7 }], [/^entry 1: vendorId must be/]],
    ['a vendor of 101 characters', [{ ...NORTH, vendorId: 'v'.repeat(101) }], [/^entry 1: vendorId must/]],
    ['no tenant', [NORTH, { vendorId: 'south' }], [/^entry 2: tenant must be the slug of a tenant$/]],
    ['a tenant by its id', [{ ...NORTH, tenant: 'Clinic 7' }], [/^entry 1: tenant must be the slug/]],
    ['an empty pool', [{ ...NORTH, privatePool: ' ' }], [/^entry 1: privatePool must be the name/]],
    ['a pool of null', [{ ...NORTH, privatePool: null }], [/^entry 1: privatePool must be the name/]],
    ['another kind', [{ ...NORTH, identifierKind: 'passport' }], [/^entry 1: identifierKind must be one of/]],
    [
      'a field of another name',
      [{ ...NORTH, pool: 'x' }],
      [/^entry 1: has unknown fields \(pool\); must be an object with the fields vendorId, tenant, /],
    ],
    [
      'a value for a name',
      [{ ...NORTH, 'call 050-1234567': '', jwks: '' }],
      [/^entry 1: has unknown fields \(an odd name, jwks\); \D*$/],
    ],
    [
      'an unknown field and a wrong one',
      [{ ...NORTH, tenant: 'Clinic 7', pool: 'x' }],
      [/^entry 1: tenant must be the slug/, /^entry 1: has unknown fields \(pool\);/],
    ],
    [
      'an address without a scheme',
      [{ ...NORTH, jwksUrl: 'north.example.org' }],
      [/jwksUrl must be an https/],
    ],
    ['an address of a file', [{ ...NORTH, jwksUrl: 'file:///etc/passwd' }], [/jwksUrl must be an https/]],
    [
      'credentials in an address',
      [{ ...NORTH, jwksUrl: 'https://user:secret@north.example.org/' }],
      [/^entry 1: jwksUrl must be an https URL without credentials/],
    ],
    [
      'keys at two places',
      [{ ...NORTH, jwksUrl: 'https://north.example.org/', jwksFile: 'north.json' }],
      [/^entry 1: names its keys twice; set jwksUrl or jwksFile$/],
    ],
    [
      'a vendor that comes twice',
      [NORTH, { vendorId: ' NORTH', tenant: 'clinic' }],
      [/lists a vendor twice; ids are compared trimmed and in lower case$/],
    ],
    [
      'a file of keys that is not there',
      [{ ...NORTH, jwksFile: 'no.json' }],
      [/jwksFile names cannot be read \(ENOENT\)$/],
    ],
  ] as const) {
    it(`is refused with ${what}, and told what to do about it`, () => {
      const found = refusals(content);
      expect(found, found.join('\n')).to.have.length(lines.length);
      for (const [index, line] of lines.entries()) expect(found[index]).to.match(line);
    });
  }

  it('is refused where it cannot be read', () => {
    expect(refusals([], { VENDORS: join(folder, 'none.json') })).to.deep.equal([
      'the file that it names cannot be read (ENOENT)',
    ]);
    expect(refusals([], { VENDORS: folder })).to.deep.equal([
      'the file that it names cannot be read (EISDIR)',
    ]);
  });

  it('is refused for keys that a statement cannot be verified with', () => {
    const { publicJwk, privateJwk } = vendorSigner();
    for (const [content, line] of [
      ['{', /must hold JSON/],
      [{ key: publicJwk }, /must hold a JWK set such as/],
      [{ keys: [] }, /holds no public key for EdDSA, ES256/],
      [{ keys: [{ ...publicJwk, use: 'enc' }] }, /holds no public key/],
      [{ keys: [publicJwk, privateJwk] }, /holds a private or shared key/],
      [{ keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }, /holds a private or shared key/],
    ] as const) {
      write('north.json', content);
      const [found, ...rest] = refusals([{ ...NORTH, jwksFile: 'north.json' }]);
      expect(found)
        .to.match(/^entry 1: the file that jwksFile names /)
        .and.to.match(line);
      expect(rest).to.deep.equal([]);
    }
  });

  describe('names keys by an address', () => {
    const plain = (host: string) => [{ ...NORTH, jwksUrl: `http://${host}/jwks.json` }];

    it('that may be plain http in the demo, and on this machine', () => {
      for (const host of ['vendor.example.org', '127.0.0.1:8080', 'localhost', '[::1]:8080']) {
        expect(refusals(plain(host)), host).to.deep.equal([]);
      }
      for (const host of ['127.0.0.1:8080', 'localhost', '[::1]:8080']) {
        expect(refusals(plain(host), PRODUCTION), host).to.deep.equal([]);
      }
    });

    it('that must be https in production', () => {
      for (const host of [
        'vendor.example.org',
        '10.0.0.1',
        'localhost.example.org',
        '127.0.0.1.example.org',
      ]) {
        expect(refusals(plain(host), PRODUCTION)[0], host).to.match(/jwksUrl must be an https URL/);
      }
      const https = [{ ...NORTH, jwksUrl: 'https://vendor.example.org/jwks.json' }];
      expect(refusals(https, PRODUCTION)).to.deep.equal([]);
    });
  });

  it('is told of along with everything else that stops the start, and never echoed', () => {
    const canary = 'canary7f3a';
    write('vendors.json', [
      {
        vendorId: canary.repeat(20),
        tenant: `${canary} `,
        privatePool: 7,
        jwksUrl: `http:${canary}`,
        [canary]: 1,
      },
      { vendorId: canary, tenant: 'default', identifierKind: canary, jwksFile: canary },
      { ...NORTH, jwksUrl: `https://${canary}:${canary}@example.org` },
      { ...NORTH, jwksFile: canary },
    ]);
    try {
      readConfig({ VENDORS: file, PORT: 'x' });
    } catch (error) {
      if (!(error instanceof ConfigRefused)) throw error;
      expect(error.problems.map(({ setting }) => setting)).to.include.members(['PORT', 'VENDORS']);
      expect(error.problems.length).to.be.greaterThan(6);
      expect(JSON.stringify(error.problems) + String(error)).not.to.contain(canary);
      return;
    }
    expect.fail('the configuration was accepted');
  });
});
