import { expect } from 'chai';
import { Argon2PasswordHasher } from '../../../../src/adapters/crypto/argon2-password-hasher.ts';
import { ConfiguredVendors } from '../../../../src/adapters/vendors/configured-vendors.ts';
import type { CreateUserCommand } from '../../../../src/application/identity/create-user.ts';
import { legacyLinkPlace } from '../../../../src/application/steps/legacy-link-place.ts';
import { Forbidden } from '../../../../src/domain/access/errors.ts';
import { EmailTaken, PasswordHashRejected } from '../../../../src/domain/identity/errors.ts';
import { aVendor, NO_CLIENT, PASSWORD, SYSTEM, systemOf } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { signedIn } from '../../../support/signed-in.ts';
import { type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
/** Of `PASSWORD`, as another service keeps it. */
const hashElsewhere = (): Promise<string> =>
  new Argon2PasswordHasher({ memoryKib: 8, passes: 1 }).hash(PASSWORD);

describe('An import of accounts', () => {
  let here: World;
  beforeEach(() => {
    here = world({
      replace: () => ({
        passwordHasher: new Argon2PasswordHasher({ memoryKib: 16, passes: 1 }),
        vendorDirectory: new ConfiguredVendors([
          aVendor({ vendorId: 'fund', tenant: 'clinic', identifierKind: 'phone' }),
        ]),
      }),
    });
  });

  const open = (octet = 1) =>
    here.app.identity.openImport.execute({
      actor: SYSTEM,
      fileDigest: new Uint8Array(32).fill(octet),
      options: { tenant: null },
    });
  const linesOf = (runId: string) =>
    here.app.identity.listImportedLines.execute({ actor: SYSTEM, runId, first: 1, last: 1_000 });

  async function create(given: Partial<CreateUserCommand> = {}) {
    const { run } = await open();
    const imported = { runId: run.id, line: 2, candidates: [] };
    const command = { actor: SYSTEM, email: EMAIL, role: 'patient', invitation: 'none', imported } as const;
    return here.app.identity.createUser.execute({ ...command, ...given });
  }

  it('tells nobody by mail, and opens nothing by which somebody could come in', async () => {
    const user = await create();
    expect(user).to.include({ passwordHash: null, emailVerifiedAt: null });
    expect(await here.rows('outboxEntries')).to.deep.equal([]);
    expect(await here.rows('oneTimeTokens')).to.deep.equal([]);
  });

  it('invites by mail where it is told to, as any other new account', async () => {
    await create({ invitation: 'mail' });
    expect(await here.rows('outboxEntries')).to.have.length(1);
    expect((await here.audited('identity.user-created'))[0]?.details).to.include({ invited: true });
  });

  it('says in the trail by which line of which run the account was made', async () => {
    const user = await create();
    const [run] = await here.rows('batchRuns');
    const [entry, ...others] = await here.audited('identity.user-created');
    expect(others).to.deep.equal([]);
    expect(entry).to.deep.include({
      subject: { type: 'user', id: user.id },
      details: { role: 'patient', invited: false, run: run!.id, line: 2 },
    });
    expect(await linesOf(run!.id)).to.deep.equal([2]);
  });

  it('lets its owner sign in with the password of a hash that came along, which is a new one from then on', async () => {
    const passwordHash = await hashElsewhere();
    expect(await create({ passwordHash })).to.include({ passwordHash });
    const login = (password: string) =>
      here.app.access.login.execute({ email: EMAIL, password, client: NO_CLIENT });
    await refusalOf(login('another password'));
    expect(signedIn(await login(PASSWORD)).kind).to.equal('signed-in');
    expect((await here.rows('users'))[0]?.passwordHash).to.match(/^\$argon2id\$v=19\$m=16,t=1,p=1\$/);
    expect(signedIn(await login(PASSWORD)).kind).to.equal('signed-in');
  });

  it('refuses a hash of no known format or of too high a cost, and keeps nothing', async () => {
    for (const passwordHash of [
      '',
      'secret',
      '5f4dcc3b5aa765d61d8327deb882cf99',
      `$2b$31$${'a'.repeat(53)}`,
    ]) {
      expect(await refusalOf(create({ passwordHash }))).to.be.instanceOf(PasswordHashRejected);
    }
    expect(await here.rows('users')).to.deep.equal([]);
    expect(await here.rows('importedUsers')).to.deep.equal([]);
  });

  it('keeps identifiers as candidates in their normal form, sealed, and links nothing', async () => {
    const { run } = await open();
    const candidates = [
      { vendorId: ' FUND ', kind: 'phone', identifier: '050-123 4568' },
      { vendorId: null, kind: 'legacy_user_id', identifier: ' U-77 ' },
    ] as const;
    const user = await create({ imported: { runId: run.id, line: 7, candidates } });
    const links = await here.rows('legacyLinks');
    expect(
      links.map(({ vendorId, kind, status, userId }) => ({ vendorId, kind, status, userId })),
    ).to.deep.equal([
      { vendorId: 'fund', kind: 'phone', status: 'candidate', userId: user.id },
      { vendorId: null, kind: 'legacy_user_id', status: 'candidate', userId: user.id },
    ]);
    const { textCipher } = here.adapters;
    const opened = links.map((link) =>
      textCipher.open(legacyLinkPlace(link.tenantId, link.id, 'identifier'), link.identifier),
    );
    expect(await Promise.all(opened)).to.deep.equal(['+972501234568', 'u-77']);
    expect(await here.rows('legacyStamps')).to.deep.equal([]);
  });

  it('passes over identifiers that stand for nobody or cannot be any', async () => {
    const { run } = await open();
    const candidates = [
      { vendorId: null, kind: 'national_id', identifier: '000000000' },
      { vendorId: null, kind: 'national_id', identifier: '123456789' },
      { vendorId: null, kind: 'phone', identifier: '12' },
    ] as const;
    await create({ imported: { runId: run.id, line: 7, candidates } });
    expect(await here.rows('legacyLinks')).to.deep.equal([]);
    expect(await here.rows('users')).to.have.length(1);
  });

  it('keeps account, origin and candidates together or not at all', async () => {
    const { run } = await open();
    const candidates = [{ vendorId: null, kind: 'legacy_user_id', identifier: 'u-1' }] as const;
    const fault = await faultOf(
      here.unauditedApp.identity.createUser.execute({
        actor: SYSTEM,
        email: EMAIL,
        role: 'patient',
        imported: { runId: run.id, line: 2, candidates },
      }),
    );
    expect(fault).to.have.property('message', AUDIT_FAULT);
    for (const table of ['users', 'importedUsers', 'legacyLinks'] as const) {
      expect(await here.rows(table), table).to.deep.equal([]);
    }
  });

  it('refuses an address that is taken, whoever has it', async () => {
    await create();
    const { run } = await open();
    const again = create({ imported: { runId: run.id, line: 3, candidates: [] } });
    expect(await refusalOf(again)).to.be.instanceOf(EmailTaken);
    expect(await linesOf(run.id)).to.deep.equal([2]);
  });

  it('makes accounts of any tenant', async () => {
    const clinic = await here.tenant();
    expect((await create({ actor: systemOf(clinic.id) })).tenantId).to.equal(clinic.id);
  });

  it('stays one run for a file, broken off or finished', async () => {
    const first = await open();
    expect(first.isResumed).to.equal(false);
    expect(await open()).to.deep.equal({ ...first, isResumed: true });
    await here.app.identity.finishImport.execute({ actor: SYSTEM, runId: first.run.id });
    const finished = await open();
    expect(finished).to.deep.include({ isResumed: true });
    expect(finished.run).to.deep.equal({ ...first.run, finishedAt: here.clock.now() });
    expect((await open(2)).run.id).not.to.equal(first.run.id);
  });

  it('tells what is configured of a vendor', () => {
    const find = (vendorId: string | null) => here.app.legacy.findVendor.execute({ actor: SYSTEM, vendorId });
    expect(find(' Fund')).to.include({ tenant: 'clinic', identifierKind: 'phone' });
    expect(find('other')).to.include({ tenant: 'default', identifierKind: null });
    expect(find(null)).to.include({ vendorId: null, tenant: 'default' });
  });

  it('is for the installation itself', async () => {
    const { actor } = await here.member('admin');
    const { run } = await open();
    const { identity, legacy } = here.app;
    const fileDigest = new Uint8Array(32);
    for (const act of [
      () => identity.openImport.execute({ actor, fileDigest, options: {} }),
      () => identity.listImportedLines.execute({ actor, runId: run.id, first: 1, last: 2 }),
      () => identity.finishImport.execute({ actor, runId: run.id }),
      () => Promise.resolve().then(() => legacy.findVendor.execute({ actor, vendorId: null })),
    ]) {
      expect(await refusalOf(act())).to.be.instanceOf(Forbidden);
    }
  });
});
