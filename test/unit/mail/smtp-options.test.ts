import { expect } from 'chai';
import { smtpOptions } from '../../../src/adapters/mail/smtp-options.ts';

const TIMEOUTS = { connection: 10_000, greeting: 10_000, socket: 10_000, attempt: 30_000 };
const read = (url: string, requireTls = true) => smtpOptions(url, requireTls, TIMEOUTS);

describe('smtpOptions', () => {
  it('reads host, port, account and password, percent-encoded or not', () => {
    expect(read('smtp://user%40example.org:p%2Fss%3Aw%40rd@smtp.example.org:2525')).to.deep.include({
      host: 'smtp.example.org',
      port: 2525,
      secure: false,
      auth: { user: 'user@example.org', pass: 'p/ss:w@rd' },
    });
    expect(read('smtps://smtp.example.org')).to.include({ secure: true });
  });

  it('keeps what the query sets', () => {
    const url =
      'smtp://smtp.example.org?maxConnections=2&name=cases.example.org&tls.servername=mx.example.org&rateLimit=5';
    expect(read(url)).to.deep.include({
      maxConnections: 2,
      rateLimit: 5,
      name: 'cases.example.org',
      tls: { servername: 'mx.example.org', rejectUnauthorized: true },
    });
  });

  it('lets the query shorten waiting and never lengthen it', () => {
    const url = 'smtp://smtp.example.org?connectionTimeout=2000&greetingTimeout=600000&socketTimeout=0';
    expect(read(url)).to.include({
      connectionTimeout: 2_000,
      greetingTimeout: 10_000,
      socketTimeout: 10_000,
    });
  });

  it('checks the certificate of another machine, whatever the query says', () => {
    const urls = [
      'smtp://smtp.example.org',
      'smtps://smtp.example.org?tls.rejectUnauthorized=false',
      'smtp://10.0.0.1',
      'smtp://?service=Gmail',
      'smtp://localhost?service=Gmail',
      'smtp://localhost?proxy=http://proxy.example.org:3128',
    ];
    for (const url of urls) {
      for (const requireTls of [true, false]) {
        expect(read(url, requireTls).tls, url).to.deep.equal({ rejectUnauthorized: true });
      }
    }
  });

  it('asks another machine for TLS where it is required, whatever the query says', () => {
    for (const query of ['', '?requireTLS=false', '?ignoreTLS=true']) {
      expect(read(`smtp://smtp.example.org${query}`), query).to.include({ requireTLS: true });
    }
    expect(read('smtp://smtp.example.org', false)).to.not.have.property('requireTLS');
    expect(read('smtp://smtp.example.org?requireTLS=true', false)).to.include({ requireTLS: true });
  });

  it('asks neither of this machine', () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '127.0.0.53:2525']) {
      const options = read(`smtp://${host}`);
      expect(options, host).to.not.have.property('requireTLS');
      expect(options.tls, host).to.deep.equal({ rejectUnauthorized: false });
    }
  });

  it('does not ask a name server which machine localhost is', () => {
    expect(read('smtp://localhost:2525')).to.include({ host: '127.0.0.1', port: 2525 });
  });

  it('lets nothing in the query write mails into a log or replace what is set here', () => {
    const url =
      'smtp://smtp.example.org?logger=true&debug=true&transactionLog=true&pool=false&maxRequeues=100' +
      '&url=smtp%3A%2F%2Fother.example.org';
    expect(read(url)).to.include({
      logger: false,
      debug: false,
      transactionLog: false,
      pool: true,
      maxRequeues: 1,
    });
    expect(read(url)).to.not.have.property('url');
  });
});
