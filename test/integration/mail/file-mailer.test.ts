import { expect } from 'chai';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { FileMailer } from '../../../src/adapters/mail/file-mailer.ts';
import type { OutgoingMail } from '../../../src/application/ports/gateways/mailer.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { mailerContract } from '../../contracts/gateways/mailer.ts';
import { faultOf } from '../../support/fault-of.ts';
import { deliveredMail } from './delivered-mail.ts';

const PUBLIC_URL = 'http://localhost:3000';
const MAIL: OutgoingMail = {
  id: '01900000-0000-7000-8000-00000000000a',
  to: 'reader@example.org',
  language: 'en',
  content: { kind: 'password-changed' },
};

describe('FileMailer', () => {
  let parent: string;
  let folder: string;
  let written: string[];
  let faults: string[];
  let mailer: FileMailer;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'casegate-outbox-'));
    folder = join(parent, 'data', 'outbox');
    written = [];
    faults = [];
    mailer = new FileMailer({
      folder,
      publicUrl: PUBLIC_URL,
      from: 'Casegate <casegate@localhost>',
      onWritten: (file) => written.push(file),
      onFault: (reason) => faults.push(reason),
    });
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  mailerContract('FileMailer', () => ({
    mailer,
    publicUrl: PUBLIC_URL,
    latest: async () => deliveredMail(await readFile(written.at(-1) ?? '')),
  }));

  it('writes a mail into a file that only its owner can read, in a folder that only he can enter', async () => {
    await mailer.send(MAIL);
    expect((await stat(folder)).mode & 0o777).to.equal(0o700);
    expect((await stat(join(folder, `${MAIL.id}.eml`))).mode & 0o777).to.equal(0o600);
  });

  it('tells the path of what it wrote', async () => {
    await mailer.send(MAIL);
    expect(written).to.deep.equal([join(folder, `${MAIL.id}.eml`)]);
  });

  it('leaves nothing but whole mails in the folder', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `01900000-0000-7000-8000-0000000001${index + 10}`);
    await Promise.all(ids.map((id) => mailer.send({ ...MAIL, id })));
    expect((await readdir(folder)).sort()).to.deep.equal(ids.map((id) => `${id}.eml`));
  });

  it('puts another attempt at a mail in the place of the former', async () => {
    await mailer.send(MAIL);
    await mailer.send({ ...MAIL, language: 'ru' });
    expect(await readdir(folder)).to.deep.equal([`${MAIL.id}.eml`]);
    expect(await deliveredMail(await readFile(written[0]!))).to.include({ language: 'ru' });
  });

  for (const id of ['../../escaped', '6f2f9a52-7c1b-4b0e-9d51-0e4f5a6b7c8d']) {
    it(`gives a name of its own to a mail whose id is ${id}`, async () => {
      await mailer.send({ ...MAIL, id });
      expect(basename(written[0]!)).to.match(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.eml$/,
      );
      expect(await readdir(folder)).to.deep.equal([basename(written[0]!)]);
    });
  }

  it('writes the lines of a message with CR and LF', async () => {
    await mailer.send(MAIL);
    expect(await readFile(written[0]!, 'latin1')).to.not.match(/[^\r]\n/);
  });

  it('is unavailable where the folder cannot be made, and says no more than the code', async () => {
    await writeFile(join(parent, 'data'), '');
    const fault = await faultOf(mailer.send(MAIL));
    expect(fault).to.be.instanceOf(Unavailable);
    expect((fault as Unavailable).cause).to.equal(undefined);
    expect(faults).to.deep.equal(['ENOTDIR']);
    expect(written).to.deep.equal([]);
  });

  it('takes the draft away where a mail cannot be put in its place', async () => {
    await mkdir(join(folder, `${MAIL.id}.eml`), { recursive: true });
    expect(await faultOf(mailer.send(MAIL))).to.be.instanceOf(Unavailable);
    expect(await readdir(folder)).to.deep.equal([`${MAIL.id}.eml`]);
    expect(faults).to.deep.equal(['EISDIR']);
  });

  it('refuses a sender that is not one mailbox', () => {
    for (const from of ['', 'nobody', 'a@b.example, c@d.example', 'A <a@b.example>\r\nBcc: c@d.example']) {
      expect(
        () =>
          new FileMailer({
            folder,
            publicUrl: PUBLIC_URL,
            from,
            onWritten: () => undefined,
            onFault: () => undefined,
          }),
        from,
      ).to.throw('MAIL_FROM must be one mailbox');
    }
  });
});
