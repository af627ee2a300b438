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
  });
}
