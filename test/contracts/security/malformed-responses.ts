import type { WebAuthnJson } from '../../../src/application/ports/security/web-authn.ts';

const ID = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

const clientData = (json: string): unknown => ({
  id: ID,
  rawId: ID,
  type: 'public-key',
  response: {
    clientDataJSON: base64url(json),
    attestationObject: 'oA',
    authenticatorData: 'AA',
    signature: 'AA',
  },
});

const parsed = (json: string): unknown => JSON.parse(json);

/** JSON that is no response of an authenticator, nor looks like one from afar. */
export const MALFORMED: Readonly<Record<string, unknown>> = {
  null: null,
  'a number': 7,
  'a text': 'response',
  'a list': [],
  'an empty object': {},
  'an object without a response': { id: ID, rawId: ID, type: 'public-key' },
  'a response that is null': { id: ID, rawId: ID, type: 'public-key', response: null },
  'a response that is a text': { id: ID, rawId: ID, type: 'public-key', response: 'text' },
  'a response that is empty': { id: ID, rawId: ID, type: 'public-key', response: {} },
  'an object with a prototype of its own': parsed('{"__proto__":{"id":"AAAA"},"constructor":{"id":"AAAA"}}'),
  'client data that is no JSON': clientData('{'),
  'client data that is null': clientData('null'),
  'client data that is a list': clientData('[]'),
  'client data that is empty': clientData('{}'),
  'client data whose challenge is null': clientData('{"challenge":null}'),
  'client data whose challenge is a list': clientData('{"challenge":["AAAA"]}'),
  'client data whose challenge is an object': clientData('{"challenge":{"__proto__":{}}}'),
  'client data whose challenge is no base64url': clientData('{"challenge":"no base64url"}'),
  'client data 20,000 lists deep': clientData('['.repeat(20_000) + ']'.repeat(20_000)),
};

/** What stands in the place of a member that should be a text in base64url. */
const NO_BASE64URL: Readonly<Record<string, unknown>> = {
  null: null,
  'a boolean': true,
  'a number': 1e308,
  'a list': ['AAAA'],
  'an object': { toString: 'AAAA', length: 4 },
  'an empty text': '',
  'a text with padding': 'AAA=',
  'a text with blanks': 'AAAA AAAA',
  'a text in plain base64': '+/+/',
  'a text with spare bits': 'AB',
  'a text of another script': 'ああああ',
  'a NUL': '\0',
  'a lone surrogate': '\ud800',
  'four zeros': 'AAAA',
  '48 KB of zeros': 'A'.repeat(65_536),
  'CBOR 48,000 lists deep': Buffer.alloc(48_000, 0x81).toString('base64url'),
  'CBOR that says to be longer than it is': Buffer.from('bb001fffffffffffff', 'hex').toString('base64url'),
  '100 KB of text': 'A'.repeat(100_000),
};

/** A response in one variant a member and oddity. The owner may be left out, so nothing takes his place. */
export function malformedOf(response: WebAuthnJson): readonly (readonly [string, WebAuthnJson])[] {
  const inner = response['response'] as WebAuthnJson;
  const oddities = Object.entries(NO_BASE64URL);
  const outerOnes = ['id', 'rawId', 'type'].flatMap((member) =>
    oddities.map(([what, odd]) => [`${member}: ${what}`, { ...response, [member]: odd }] as const),
  );
  const innerOnes = Object.keys(inner).flatMap((member) =>
    oddities
      .filter(([, odd]) => member !== 'userHandle' || odd !== null)
      .map(
        ([what, odd]) =>
          [`${member}: ${what}`, { ...response, response: { ...inner, [member]: odd } }] as const,
      ),
  );
  const [noTransports, longTransports] = [[null], Array.from({ length: 5000 }, () => 'usb')];
  const lists = 'transports' in inner ? [noTransports, longTransports, ['USB\0'], [['usb']]] : [];
  const listOnes = lists.map(
    (transports) => ['transports', { ...response, response: { ...inner, transports } }] as const,
  );
  return [...outerOnes, ...innerOnes, ...listOnes];
}
