import { expect } from 'chai';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { SMTPServerOptions } from 'smtp-server';
import { SmtpMailer, type SmtpMailerOptions } from '../../../src/adapters/mail/smtp-mailer.ts';
import type { OutgoingMail } from '../../../src/application/ports/gateways/mailer.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { mailerContract } from '../../contracts/gateways/mailer.ts';
import { faultOf } from '../../support/fault-of.ts';
import { eventually } from '../../support/eventually.ts';
import { deliveredMail } from './delivered-mail.ts';
import { reply, SMTP_USER, type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts';

const PUBLIC_URL = 'https://cases.example.org';
const TOKEN = 'c210cC1tYWlsZXItdGVzdC10b2tlbi0wMTIzNDU2Nzg5';
const MAIL: OutgoingMail = {
  id: '01900000-0000-7000-8000-00000000000a',
  to: 'reader@example.org',
  language: 'he',
  content: { kind: 'verify-email', token: TOKEN },
};
const CREDENTIALS = `${SMTP_USER.name}:${encodeURIComponent(SMTP_USER.password)}@`;
const PLAIN: SMTPServerOptions = { authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] };

describe('SmtpMailer', () => {
  const open: (() => unknown)[] = [];
  let faults: string[];

  beforeEach(() => {
    faults = [];
  });
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  const sink = async (...args: Parameters<typeof startSmtpSink>): Promise<SmtpSink> => {
    const started = await startSmtpSink(...args);
    open.push(started.close);
    return started;
  };
  const mailerFor = (url: string, options: Partial<SmtpMailerOptions> = {}): SmtpMailer => {
    const mailer = new SmtpMailer({
      url,
      publicUrl: PUBLIC_URL,
      from: 'Casegate <no-reply@cases.example.org>',
      requireTls: true,
      onFault: (reason) => faults.push(reason),
      timeouts: { connection: 5_000, greeting: 5_000, socket: 5_000, attempt: 5_000 },
      ...options,
    });
    open.push(() => mailer.close());
    return mailer;
  };
  const signedIn = ({ port }: SmtpSink): string => `smtp://${CREDENTIALS}127.0.0.1:${port}`;
  /** Nothing of what failed may reach whoever logs the fault. */
  const expectUnavailable = async (
    sending: Promise<unknown>,
    ...reasons: readonly string[]
  ): Promise<void> => {
    const fault = await faultOf(sending);
    expect(fault).to.be.instanceOf(Unavailable);
    expect(Object.keys(fault as Unavailable)).to.have.members(['code', 'name', 'retryAfterSeconds']);
    expect((fault as Unavailable).cause).to.equal(undefined);
    expect(faults).to.deep.equal(reasons);
  };

  mailerContract('SmtpMailer', async () => {
    const server = await sink();
    return {
      mailer: mailerFor(signedIn(server)),
      publicUrl: PUBLIC_URL,
      latest: () => deliveredMail(server.taken.at(-1)!.source),
    };
  });

  describe('a mail that the server takes', () => {
    it('goes over STARTTLS, signed in, to its reader alone', async () => {
      const server = await sink();
      expect(await mailerFor(signedIn(server)).send(MAIL)).to.equal('sent');
      expect(server.taken).to.have.length(1);
      expect(server.taken[0]).to.deep.include({
        secure: true,
        user: SMTP_USER.name,
        recipients: ['reader@example.org'],
      });
      expect(faults).to.deep.equal([]);
    });

    it('goes over TLS from the start where the URL says smtps', async () => {
      const server = await sink({ secure: true });
      const url = signedIn(server).replace('smtp:', 'smtps:');
      expect(await mailerFor(url).send(MAIL)).to.equal('sent');
      expect(server.taken[0]).to.include({ secure: true });
    });

    it('is read as it was written', async () => {
      const server = await sink();
      await mailerFor(signedIn(server)).send(MAIL);
      const mail = await deliveredMail(server.taken[0]!.source);
      expect(mail.subject).to.equal('אימות כתובת הדוא״ל שלך ב־Casegate');
      expect(mail.text.split('\n')).to.include(`${PUBLIC_URL}/verify-email#token=${TOKEN}`);
      expect(mail.html).to.include(`href="${PUBLIC_URL}/verify-email#token=${TOKEN}"`);
      expect(mail.from).to.include('no-reply@cases.example.org');
      expect(mail.to).to.equal('reader@example.org');
    });

    it('says in its headers what it is: the id on the own host, the language, and that a program sent it', async () => {
      const server = await sink();
      await mailerFor(signedIn(server)).send(MAIL);
      const { header, messageId } = await deliveredMail(server.taken[0]!.source);
      expect(messageId).to.equal(`<${MAIL.id}@cases.example.org>`);
      expect(header('content-language')).to.equal('he');
      expect(header('auto-submitted')).to.equal('auto-generated');
      expect(header('x-auto-response-suppress')).to.equal('DR, RN, NRN, OOF, AutoReply');
      expect(header('x-mailer')).to.equal(undefined);
      expect(Date.now() - (header('date') as Date).getTime()).to.be.within(-1_000, 60_000);
    });

    it('shares a connection with the ones before', async () => {
      const server = await sink();
      const mailer = mailerFor(signedIn(server));
      for (let count = 0; count < 5; count += 1) await mailer.send(MAIL);
      expect(server.taken).to.have.length(5);
      expect(server.connections()).to.equal(1);
    });

    it('is sent over a new connection where the server has closed the idle one', async () => {
      const server = await sink({ socketTimeout: 400 });
      const mailer = mailerFor(signedIn(server));
      await mailer.send(MAIL);
      await delay(600);
      expect(await mailer.send(MAIL)).to.equal('sent');
      expect(server.taken).to.have.length(2);
      expect(server.connections()).to.equal(2);
    });

    it('may go without TLS to this machine', async () => {
      const server = await sink(PLAIN);
      for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST']) {
        expect(await mailerFor(`smtp://${host}:${server.port}`).send(MAIL), host).to.equal('sent');
      }
      expect(server.taken.map(({ secure }) => secure)).to.deep.equal([false, false, false]);
    });

    it('cannot be given another header or another recipient by what it contains', async () => {
      const server = await sink(PLAIN);
      const mailer = mailerFor(`smtp://127.0.0.1:${server.port}`);
      const lines = '\r\nBcc: other@example.org\r\nX-Planted: yes\r\n\r\nplanted';
      await mailer.send({ ...MAIL, to: `reader@example.org${lines}` });
      await mailer.send({ ...MAIL, to: 'reader@example.org, other@example.org' });
      await mailer.send({ ...MAIL, id: `a>${lines}` });
      await mailer.send({ ...MAIL, language: `he${lines}` });
      await mailer.send({ ...MAIL, content: { kind: 'verify-email', token: lines } });
      expect(server.taken).to.not.have.length(0);
      for (const { source, recipients } of server.taken) {
        const { header } = await deliveredMail(source);
        expect(recipients).to.have.length(1);
        expect(recipients).to.not.include('other@example.org');
        expect(header('bcc')).to.equal(undefined);
        expect(header('x-planted')).to.equal(undefined);
      }
    });
  });

  describe('a mail that the server refuses for good', () => {
    const refusals: Record<string, SMTPServerOptions> = {
      'with its reader': { onRcptTo: (_address, _session, done) => done(reply(550, 'No such user here')) },
      'with its reader, to a client that sends ahead': {
        hidePIPELINING: false,
        onRcptTo: (_address, _session, done) => done(reply(553, 'No such user here')),
      },
      'with its reader, one command at a time': {
        hidePIPELINING: true,
        onRcptTo: (_address, _session, done) => done(reply(551, 'User has moved')),
      },
    };
    for (const [when, options] of Object.entries(refusals)) {
      it(`is refused: ${when}`, async () => {
        const server = await sink(options);
        const mailer = mailerFor(signedIn(server));
        expect(await mailer.send(MAIL)).to.equal('refused');
        expect(faults).to.have.length(1);
        expect(faults[0]).to.match(/^EENVELOPE 55[013]$/);
      });
    }

    it('is refused: after it was read', async () => {
      const server = await sink({}, () => reply(554, 'Not from you'));
      expect(await mailerFor(signedIn(server)).send(MAIL)).to.equal('refused');
      expect(faults).to.deep.equal(['EMESSAGE 554']);
    });

    it('does not stand in the way of the next one', async () => {
      const server = await sink({}, (count) => (count === 1 ? reply(550, 'Not this one') : null));
      const mailer = mailerFor(signedIn(server));
      expect(await mailer.send(MAIL)).to.equal('refused');
      expect(await mailer.send(MAIL)).to.equal('sent');
    });

    it('is refused: to an address that no command can carry', async () => {
      const server = await sink();
      expect(await mailerFor(signedIn(server)).send({ ...MAIL, to: '' })).to.equal('refused');
      expect(server.taken).to.have.length(0);
    });
  });

  describe('a mail that another attempt may deliver', () => {
    it('is unavailable at 451 and goes with the same Message-ID the next time', async () => {
      const messageIds: string[] = [];
      const server = await sink({}, (count) => (count === 1 ? reply(451, 'Try again later') : null));
      const mailer = mailerFor(signedIn(server));
      await expectUnavailable(mailer.send(MAIL), 'EMESSAGE 451');
      expect(server.taken).to.have.length(0);
      expect(await mailer.send(MAIL)).to.equal('sent');
      for (const { source } of server.taken) messageIds.push((await deliveredMail(source)).messageId);
      expect(messageIds).to.deep.equal([`<${MAIL.id}@cases.example.org>`]);
    });

    const transient: Record<string, readonly [SMTPServerOptions, string]> = {
      'its reader is greylisted': [
        { onRcptTo: (_address, _session, done) => done(reply(450, 'Greylisted')) },
        'EENVELOPE 450',
      ],
      'the server wants to be signed in to first': [
        { onRcptTo: (_address, _session, done) => done(reply(530, 'Authentication required')) },
        'EENVELOPE 530',
      ],
      'the server refuses the sender, which is no fault of the reader': [
        { onMailFrom: (_address, _session, done) => done(reply(550, 'Sender not allowed')) },
        'EENVELOPE 550',
      ],
      'the server is going down': [
        { onMailFrom: (_address, _session, done) => done(reply(421, 'Going down')) },
        'EENVELOPE 421',
      ],
    };
    for (const [why, [options, reason]] of Object.entries(transient)) {
      it(`is unavailable where ${why}`, async () => {
        const server = await sink(options);
        await expectUnavailable(mailerFor(signedIn(server)).send(MAIL), reason);
      });
    }

    it('is unavailable where the password is wrong', async () => {
      const { port } = await sink();
      await expectUnavailable(mailerFor(`smtp://casegate:wrong@127.0.0.1:${port}`).send(MAIL), 'EAUTH 535');
    });

    it('is unavailable where nobody listens', async () => {
      const server = await startSmtpSink();
      await server.close();
      await expectUnavailable(mailerFor(signedIn(server)).send(MAIL), 'ECONNREFUSED');
    });

    it('is unavailable once the mailer is closed', async () => {
      const mailer = mailerFor(signedIn(await sink()));
      mailer.close();
      await expectUnavailable(mailer.send(MAIL), 'ECONNECTION');
    });
  });

  describe('a server that holds up', () => {
    const listen = async (onSocket: (socket: Socket) => void): Promise<number> => {
      const sockets = new Set<Socket>();
      const server: Server = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => undefined);
        onSocket(socket);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      open.push(() => {
        for (const socket of sockets) socket.destroy();
        server.close();
      });
      return (server.address() as AddressInfo).port;
    };
    const expectGivenUp = async (
      port: number,
      timeouts: SmtpMailerOptions['timeouts'],
      reason: string,
    ): Promise<void> => {
      const mailer = mailerFor(`smtp://127.0.0.1:${port}`, { timeouts: { ...timeouts } });
      const start = performance.now();
      await expectUnavailable(mailer.send(MAIL), reason);
      expect(performance.now() - start).to.be.within(150, 4_000);
    };

    it('is given up where it accepts and never says a word', async () => {
      await expectGivenUp(await listen(() => undefined), { greeting: 200 }, 'ETIMEDOUT');
    });

    it('is given up where it falls silent after its greeting', async () => {
      const port = await listen((socket) => socket.write('220 hello\r\n'));
      await expectGivenUp(port, { socket: 200 }, 'ETIMEDOUT');
    });

    it('is given up where it goes on talking and says nothing', async () => {
      const port = await listen((socket) => {
        socket.write('220 hello\r\n');
        const talking = setInterval(() => socket.write('250-and\r\n'), 20);
        socket.on('close', () => clearInterval(talking));
      });
      await expectGivenUp(port, { socket: 1_000, attempt: 300 }, 'EABORT');
    });
  });

  describe('another machine', () => {
    // 0.0.0.0 reaches this machine, and is not one of its loopback addresses.
    const elsewhere = ({ port }: SmtpSink, query = ''): string => `smtp://0.0.0.0:${port}${query}`;

    it('is sent nothing where its certificate does not prove who it is', async () => {
      const server = await sink({ authOptional: true });
      for (const query of ['', '?tls.rejectUnauthorized=false']) {
        const mailer = mailerFor(elsewhere(server, query), { requireTls: false });
        expect(await faultOf(mailer.send(MAIL)), query).to.be.instanceOf(Unavailable);
      }
      expect(server.taken).to.have.length(0);
      expect(faults).to.have.length(2);
      expect(faults[0]).to.match(/CERT/);
    });

    it('is sent nothing without TLS where TLS is required, whatever the URL says', async () => {
      const server = await sink(PLAIN);
      for (const query of ['', '?ignoreTLS=true', '?opportunisticTLS=true', '?requireTLS=false']) {
        expect(await faultOf(mailerFor(elsewhere(server, query)).send(MAIL)), query).to.be.instanceOf(
          Unavailable,
        );
      }
      expect(server.taken).to.have.length(0);
    });

    it('is sent mail without TLS where it offers none and none is required', async () => {
      const server = await sink(PLAIN);
      expect(await mailerFor(elsewhere(server), { requireTls: false }).send(MAIL)).to.equal('sent');
    });
  });

  it('closes its connections', async () => {
    let closed = 0;
    const server = await sink({ onClose: () => (closed += 1) });
    const mailer = mailerFor(signedIn(server));
    await mailer.send(MAIL);
    mailer.close();
    await eventually(() => Promise.resolve(closed === 1), 2_000);
  });

  it('refuses a URL of something else without repeating it', () => {
    for (const url of ['http://user:secret@host', 'not a url with secret', 'smtp//secret']) {
      expect(() => mailerFor(url)).to.throw(/^SMTP_URL must begin with/);
    }
  });
});
