import { expect } from 'chai';
import { isLoopbackHost } from '../../../src/adapters/mail/is-loopback-host.ts';

describe('isLoopbackHost', () => {
  it('knows the addresses and the name of this machine', () => {
    for (const host of ['127.0.0.1', '127.8.9.10', '127.255.255.255', '::1', 'localhost', 'LocalHost']) {
      expect(isLoopbackHost(host), host).to.equal(true);
    }
  });

  it('takes nothing else for this machine', () => {
    const others = [
      '',
      '0.0.0.0',
      '::',
      '10.0.0.1',
      '126.255.255.255',
      '128.0.0.1',
      '::2',
      '127.1',
      '127.0.0.1.example.org',
      'localhost.example.org',
      'mail.localhost',
      'smtp.example.org',
    ];
    for (const host of others) expect(isLoopbackHost(host), host).to.equal(false);
  });
});
