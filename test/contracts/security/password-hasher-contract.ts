import { expect } from 'chai';
import type { PasswordHasher } from '../../../src/application/ports/security/password-hasher.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';

/** Far more than any bound on waiting work. */
const FLOOD = 1_000;

const PASSWORD = 'correct horse battery staple';

/** What every password hasher does. @param make a hasher with nothing to do yet */
export function passwordHasherContract(
  name: string,
  make: () => PasswordHasher | Promise<PasswordHasher>,
): void {
  describe(`${name} as a password hasher`, () => {
    let hasher: PasswordHasher;

    beforeEach(async () => {
      hasher = await make();
    });

    it('recognises the password that it hashed, and its own hash as up to date', async () => {
      const hash = await hasher.hash(PASSWORD);
      expect(await hasher.verify(PASSWORD, hash)).to.deep.equal({ matches: true, outdated: false });
    });

    it('accepts the hashes that it makes, and nothing that is no hash', async () => {
      expect(hasher.accepts(await hasher.hash(PASSWORD))).to.equal(true);
      for (const text of [
        '',
        PASSWORD,
        '$',
        '$$$$',
        '$unknown$a=1$c29tZXNhbHQ$c29tZWhhc2g',
        '\0',
        '\ud800',
      ]) {
        expect(hasher.accepts(text), JSON.stringify(text)).to.equal(false);
        expect((await hasher.verify(PASSWORD, text)).matches).to.equal(false);
      }
    });

    it('gives a PHC string', async () => {
      expect(await hasher.hash(PASSWORD)).to.match(/^\$[a-z0-9-]{1,32}(?:\$[\x21-\x23\x25-\x7e]+)+$/);
    });

    it('gives each hash a salt of its own', async () => {
      const hashes = await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)]);
      expect(hashes[0]).to.not.equal(hashes[1]);
      for (const hash of hashes) expect((await hasher.verify(PASSWORD, hash)).matches).to.equal(true);
    });

    for (const other of ['', `${PASSWORD} `, ` ${PASSWORD}`, PASSWORD.toUpperCase(), PASSWORD.slice(0, -1)]) {
      it(`takes ${JSON.stringify(other)} for another password`, async () => {
        const hash = await hasher.hash(PASSWORD);
        expect((await hasher.verify(other, hash)).matches).to.equal(false);
      });
    }

    it('tells passwords of 1,024 octets apart by the last one', async () => {
      const long = 'a'.repeat(1023);
      const hash = await hasher.hash(`${long}x`);
      expect((await hasher.verify(`${long}x`, hash)).matches).to.equal(true);
      expect((await hasher.verify(`${long}y`, hash)).matches).to.equal(false);
    });

    it('takes passwords in every script', async () => {
      const password = 'סיסמה ארוכה מאוד 🔑🔑';
      const hash = await hasher.hash(password);
      expect((await hasher.verify(password, hash)).matches).to.equal(true);
      expect((await hasher.verify('סיסמה ארוכה מאוד 🔑🔒', hash)).matches).to.equal(false);
    });

    it('finds that nothing matches where there is no hash', async () => {
      for (const password of ['', PASSWORD]) {
        expect((await hasher.verify(password, null)).matches).to.equal(false);
      }
    });

    it('refuses work beyond its bound as unavailable and finishes what it took', async () => {
      const hash = await hasher.hash(PASSWORD);
      const results = await Promise.allSettled(
        Array.from({ length: FLOOD }, () => hasher.verify(PASSWORD, hash)),
      );
      const refusals = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as unknown] : [],
      );
      const verdicts = results.flatMap((result) =>
        result.status === 'fulfilled' ? [result.value.matches] : [],
      );
      expect(refusals).to.not.be.empty;
      for (const refusal of refusals) expect(refusal).to.be.instanceOf(Unavailable);
      expect(verdicts).to.not.be.empty;
      expect(verdicts).to.not.include(false);
      expect((await hasher.verify(PASSWORD, hash)).matches).to.equal(true);
    });
  });
}
