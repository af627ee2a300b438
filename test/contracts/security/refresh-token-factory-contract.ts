import { expect } from 'chai';
import type { RefreshTokenFactory } from '../../../src/application/ports/security/refresh-tokens.ts';

const hex = (octets: Uint8Array | undefined): string => Buffer.from(octets ?? []).toString('hex');

/** What every maker of refresh tokens does. */
export function refreshTokenFactoryContract(
  name: string,
  make: () => RefreshTokenFactory | Promise<RefreshTokenFactory>,
): void {
  describe(`${name} as a refresh token factory`, () => {
    let factory: RefreshTokenFactory;

    beforeEach(async () => {
      factory = await make();
    });

    it('issues a token of at least 256 bits and its hash of 32 octets', () => {
      const { token, hash } = factory.issue();
      expect(token).to.match(/^[\x21-\x7e]{43,}$/);
      expect(hash).to.have.length(32);
      expect(Buffer.from(hash).toString('base64url')).to.not.equal(token);
    });

    it('never issues the same token twice', () => {
      const issued = Array.from({ length: 1_000 }, () => factory.issue());
      expect(new Set(issued.map(({ token }) => token))).to.have.property('size', issued.length);
      expect(new Set(issued.map(({ hash }) => hex(hash)))).to.have.property('size', issued.length);
    });

    it('gives the presented token the hash that it was issued with', () => {
      const { token, hash } = factory.issue();
      expect(hex(factory.succeed(token)?.presentedHash)).to.equal(hex(hash));
    });

    it('gives a presented token the same successor each time', () => {
      const { token } = factory.issue();
      const [first, second] = [factory.succeed(token), factory.succeed(token)];
      expect(first?.successor.token).to.be.a('string').and.to.equal(second?.successor.token);
      expect(hex(first?.successor.hash)).to.equal(hex(second?.successor.hash));
    });

    it('gives each token another successor, for as long as a session goes on', () => {
      const seen = new Set<string>();
      let { token } = factory.issue();
      for (let turn = 0; turn < 100; turn += 1) {
        seen.add(token);
        const succession = factory.succeed(token)!;
        const presentedNext = factory.succeed(succession.successor.token)!;
        expect(hex(presentedNext.presentedHash)).to.equal(hex(succession.successor.hash));
        token = succession.successor.token;
      }
      expect(seen).to.have.property('size', 100);
    });

    it('has no successor for what cannot be a token', () => {
      const { token } = factory.issue();
      const others = [
        '',
        'x',
        token.slice(1),
        `${token}A`,
        `${token} `,
        ` ${token}`,
        `${token}\n`,
        `${token}=`,
        'é'.repeat(43),
      ];
      for (const other of others) expect(factory.succeed(other), JSON.stringify(other)).to.equal(null);
    });
  });
}
