import { expect } from 'chai';
import type { KeyedHash } from '../../../src/application/ports/security/keyed-hash.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** What every keyed hash does. */
export function keyedHashContract(name: string, make: () => KeyedHash | Promise<KeyedHash>): void {
  describe(`${name} as a keyed hash`, () => {
    let keyedHash: KeyedHash;

    beforeEach(async () => {
      keyedHash = await make();
    });

    it('gives 32 octets, for an empty value too', () => {
      expect(keyedHash.of('failure-counter', 'default a@example.test')).to.have.length(32);
      expect(keyedHash.of('failure-counter', '')).to.have.length(32);
    });

    it('gives the same for the same value', () => {
      expect(hex(keyedHash.of('case-receipt', 'value'))).to.equal(hex(keyedHash.of('case-receipt', 'value')));
    });

    it('gives something else for another value', () => {
      const hashes = ['value', 'Value', 'value ', 'valué', '', '\0'].map((value) =>
        hex(keyedHash.of('case-receipt', value)),
      );
      expect(new Set(hashes)).to.have.property('size', hashes.length);
    });

    it('gives something else for another purpose', () => {
      const hashes = [keyedHash.of('case-receipt', 'value'), keyedHash.of('failure-counter', 'value')].map(
        hex,
      );
      expect(hashes[0]).to.not.equal(hashes[1]);
    });
  });
}
