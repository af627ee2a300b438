import { expect } from 'chai';
import type { SigningKeys } from '../../../src/application/ports/security/signing-keys.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { newEntry } from '../stores/fixtures.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

/** What all signing keys do. @param make keys of an installation that has none yet, for tokens that live less than a day */
export function signingKeysContract(name: string, make: () => SigningKeys | Promise<SigningKeys>): void {
  describe(`${name} as signing keys`, () => {
    let keys: SigningKeys;

    beforeEach(async () => {
      keys = await make();
    });

    it('are none before the first is made', async () => {
      expect(await keys.list(NOW)).to.deep.equal([]);
      expect(await keys.publicKeys(NOW)).to.deep.equal([]);
    });

    it('make the first key once', async () => {
      await keys.ensure(NOW);
      const [first] = await keys.list(NOW);
      await keys.ensure(addSeconds(NOW, 1));
      expect(await keys.list(addSeconds(NOW, 1))).to.deep.equal([first]);
      expect(first).to.deep.include({ createdAt: NOW, acceptedUntil: null });
    });

    it('make one first key for all who try at once', async () => {
      await Promise.all(Array.from({ length: 10 }, () => keys.ensure(NOW)));
      expect(await keys.list(NOW)).to.have.length(1);
    });

    it('publish the public half of each, and nothing else', async () => {
      await keys.ensure(NOW);
      const [info] = await keys.list(NOW);
      const [published, ...others] = await keys.publicKeys(NOW);
      expect(others).to.deep.equal([]);
      expect(published).to.have.all.keys('kty', 'crv', 'x', 'kid', 'alg', 'use');
      expect(published).to.include({ kid: info!.kid, alg: info!.alg, use: 'sig' });
    });

    it('sign with a new key after a rotation and go on accepting the former', async () => {
      await keys.ensure(NOW);
      const [former] = await keys.list(NOW);
      const later = addSeconds(NOW, 60);
      const rotated = await keys.rotate(later, newEntry(DEFAULT_TENANT_ID));
      const [first, second, ...others] = await keys.list(later);
      expect(others).to.deep.equal([]);
      expect(first).to.deep.equal(rotated);
      expect(first).to.deep.include({ createdAt: later, acceptedUntil: null });
      expect(second).to.deep.include({ kid: former!.kid, createdAt: NOW });
      expect(second!.acceptedUntil).to.be.greaterThan(later);
      expect((await keys.publicKeys(later)).map(({ kid }) => kid)).to.deep.equal([rotated.kid, former!.kid]);
    });

    it('drop a former key when its time is over, and not before', async () => {
      await keys.ensure(NOW);
      const rotated = await keys.rotate(addSeconds(NOW, 60), newEntry(DEFAULT_TENANT_ID));
      const end = (await keys.list(addSeconds(NOW, 60)))[1]!.acceptedUntil!;
      const before = new Date(end.getTime() - 1);
      expect(await keys.list(before)).to.have.length(2);
      expect(await keys.publicKeys(before)).to.have.length(2);
      expect((await keys.list(end)).map(({ kid }) => kid)).to.deep.equal([rotated.kid]);
      expect((await keys.publicKeys(end)).map(({ kid }) => kid)).to.deep.equal([rotated.kid]);
    });

    it('leave the end of a key that was retired before as it is', async () => {
      await keys.ensure(NOW);
      await keys.rotate(addSeconds(NOW, 10), newEntry(DEFAULT_TENANT_ID));
      const [, retired] = await keys.list(addSeconds(NOW, 10));
      await keys.rotate(addSeconds(NOW, 20), newEntry(DEFAULT_TENANT_ID));
      const list = await keys.list(addSeconds(NOW, 20));
      expect(list).to.have.length(3);
      expect(list[2]).to.deep.equal(retired);
      expect(list.filter(({ acceptedUntil }) => acceptedUntil === null)).to.have.length(1);
    });
  });
}
