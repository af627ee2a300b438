import { isIP } from 'node:net';

/** Networks that have names where proxies are listed. */
const NAMED_NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);
const ADDRESS_BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

function isNetwork(text: string): boolean {
  if (NAMED_NETWORKS.has(text)) return true;
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = ADDRESS_BITS[isIP(address)];
  if (bits === undefined || rest.length > 0) return false;
  return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= bits);
}

/**
 * Whether the text says which proxies to trust: how many (`1`), their addresses, networks and names of networks
 * (`loopback, 10.0.0.0/8`), all of them (`true`) or none (`false`).
 */
export const isProxyList = (text: string): boolean =>
  /^(?:true|false|\d{1,2})$/.test(text) || text.split(',').every((part) => isNetwork(part.trim()));
