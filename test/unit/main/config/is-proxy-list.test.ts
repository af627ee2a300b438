import { expect } from 'chai';
import { isProxyList } from '../../../../src/main/config/is-proxy-list.ts';

describe('What says which proxies to trust', () => {
  for (const text of [
    'true',
    'false',
    '0',
    '1',
    '12',
    'loopback',
    'linklocal',
    'uniquelocal',
    '10.0.0.1',
    '10.0.0.0/8',
    '192.0.2.7/32',
    '10.0.0.0/1',
    '::1',
    '2001:db8::/32',
    '2001:db8::1/128',
    'loopback, 10.0.0.0/8',
    '10.0.0.1,10.0.0.2 , ::1',
  ]) {
    it(`may be ${text}`, () => {
      expect(isProxyList(text)).to.equal(true);
    });
  }

  for (const text of [
    '',
    ' ',
    ',',
    'loopback,',
    'TRUE',
    'yes',
    '100',
    '-1',
    '1.5',
    ' true',
    'true, loopback',
    'proxy.example.org',
    'localhost',
    'Loopback',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.0/129',
    '2001:db8::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/08',
    '10.0.0.0/ 8',
    '10.0.0.0/-8',
    '10.0.0.1 10.0.0.2',
    'constructor',
  ]) {
    it(`may not be ${JSON.stringify(text)}`, () => {
      expect(isProxyList(text)).to.equal(false);
    });
  }

  it('may not be a network that everybody is in', () => {
    expect(isProxyList('0.0.0.0/0')).to.equal(false);
    expect(isProxyList('::/0')).to.equal(false);
  });
});
