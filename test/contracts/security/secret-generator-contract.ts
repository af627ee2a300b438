import { expect } from 'chai';
import type { SecretGenerator } from '../../../src/application/ports/security/secret-generator.ts';

/** What every generator of secrets does. */
export function secretGeneratorContract(
  name: string,
  make: () => SecretGenerator | Promise<SecretGenerator>,
): void {
  describe(`${name} as a secret generator`, () => {
    it('gives 256 bits as base64url', async () => {
      const secret = (await make()).generate();
      expect(secret).to.match(/^[A-Za-z0-9_-]{43}$/);
      expect(Buffer.from(secret, 'base64url')).to.have.length(32);
    });

    it('never gives the same twice', async () => {
      const [one, another] = [await make(), await make()];
      const secrets = Array.from({ length: 1_000 }, (_, index) => (index % 2 ? one : another).generate());
      expect(new Set(secrets)).to.have.property('size', secrets.length);
    });

    it('gives recovery codes of fifty bits in Crockford’s base32, in two groups', async () => {
      const generator = await make();
      const codes = Array.from({ length: 1_000 }, () => generator.recoveryCode());
      for (const code of codes) expect(code).to.match(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
      expect(new Set(codes)).to.have.property('size', codes.length);
      const characters = new Set(codes.join('').replaceAll('-', ''));
      expect(characters).to.have.property('size', 32);
    });
  });
}
