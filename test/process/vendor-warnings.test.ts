import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { freePort } from '../support/free-port.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  CHEAP,
  endCasegateProcesses,
  newKeys,
  runCommand,
  startServiceProcess,
} from '../support/service-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { vendorSigner } from '../support/vendor-signer.ts';
import { call, login, PASSWORD } from './call.ts';

const PATIENT = 'patient@example.org';

describe('What is wrong with vendors', () => {
  const folder = temporaryFolder('casegate-vendors-');
  let database: TestDatabase;
  before(async () => {
    database = await freshDatabase();
  });
  after(async () => {
    await endCasegateProcesses();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  it('is logged as a warning: tenants that do not exist, and keys that are out of reach', async () => {
    const VENDORS = join(folder, 'vendors.json');
    const jwksUrl = `http://127.0.0.1:${String(await freePort())}/jwks.json`;
    const vendors = [
      { vendorId: 'north', tenant: 'default', jwksUrl },
      { vendorId: 'south', tenant: 'no-clinic' },
    ];
    writeFileSync(VENDORS, JSON.stringify(vendors));
    const env = { ...CHEAP, ...newKeys(), DATABASE_URL: database.url, VENDORS };
    const service = await startServiceProcess(env, 'cli.ts');
    const start = await service.logged(({ event }) => String(event).startsWith('VENDORS names'));
    expect(start).to.include({
      level: 'warn',
      msg: 'vendors',
      event: 'VENDORS names tenants that do not exist yet: no-clinic',
    });

    await runCommand(['users', 'create', '--email', PATIENT, '--role', 'patient'], env, PASSWORD);
    const { accessToken: token } = await login(service.url, PATIENT);
    const body = { vendorId: 'north', kind: 'email', identifier: PATIENT };
    const claim = await call(service.url, 'POST /legacy/links', { token, body });
    const { linkId } = JSON.parse(claim.text) as { readonly linkId: string };
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      iss: 'north',
      aud: 'casegate',
      nonce: linkId,
      iat,
      exp: iat + 60,
      identifier: PATIENT,
    };
    const proof = { method: 'vendor-statement', jwt: vendorSigner().state(claims) };
    const prove = () => call(service.url, `POST /legacy/links/${linkId}/proof`, { token, body: proof });
    expect([(await prove()).status, (await prove()).status]).to.deep.equal([503, 503]);
    const fault = await service.logged(({ event }) => String(event).startsWith('keys of vendor'));
    expect(fault).to.include({
      level: 'warn',
      msg: 'vendors',
      event: 'keys of vendor north out of reach (ECONNREFUSED)',
    });
    const { stdout } = await service.stop();
    expect(stdout.match(/keys of vendor/g)).to.have.length(1);
  });
});
