import type { Ceremony } from './software-authenticator.ts';
import { newChallenge } from './web-authn-ceremonies.ts';

/** Ceremonies that a relying party has to refuse, by where they come from; of `webauthn.create` and `webauthn.get` alike. */
export const FOREIGN_CEREMONIES: Readonly<
  Record<string, (own: { readonly rpId: string; readonly origin: string }) => Partial<Ceremony>>
> = {
  'another page': () => ({ origin: 'https://evil.example' }),
  'a page below ours': ({ origin }) => ({ origin: origin.replace('://', '://sub.') }),
  'a page of our host at another port': ({ origin }) => ({ origin: `${origin.replace(/:\d+$/, '')}:4` }),
  'a page whose origin only begins as ours': ({ origin }) => ({ origin: `${origin}.evil.example` }),
  'no page at all': () => ({ clientData: { origin: undefined } }),
  'pages in a list': ({ origin }) => ({ clientData: { origin: [origin] } }),
  'a page within a foreign page': () => ({ clientData: { crossOrigin: true } }),
  'a page within a named page': () => ({ clientData: { topOrigin: 'https://evil.example' } }),
  'another relying party': () => ({ rpId: 'evil.example' }),
  'a relying party below ours': ({ rpId }) => ({ rpId: `sub.${rpId}` }),
  'another challenge': () => ({ clientData: { challenge: newChallenge() } }),
  'no challenge': () => ({ clientData: { challenge: undefined } }),
  'an empty challenge': () => ({ clientData: { challenge: '' } }),
  'a ceremony of no kind': () => ({ clientData: { type: undefined } }),
  'a payment': () => ({ clientData: { type: 'payment.get' } }),
  'a device that nobody touched': () => ({ userPresent: false }),
};
