import { SimpleWebAuthn } from '../../../src/adapters/second-factors/simple-web-authn.ts';
import { webAuthnContract } from '../../contracts/security/web-authn-contract.ts';

for (const [rpId, ...origins] of [
  ['localhost', 'http://localhost:3000', 'http://localhost:5173'],
  ['id.practice.example', 'https://id.practice.example', 'https://app.id.practice.example'],
] as const) {
  webAuthnContract(`SimpleWebAuthn for ${rpId}`, () => ({
    webAuthn: new SimpleWebAuthn({ rpName: 'Casegate', rpId, origins }),
    rpId,
    origins,
  }));
}
