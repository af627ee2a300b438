import { expect } from 'chai';
import type { KeyedHash, KeyedHashPurpose } from '../../../src/application/ports/security/keyed-hash.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** Every purpose there is: one that is left out does not compile. */
const PURPOSES = Object.keys({
  'failure-counter': true,
  'case-receipt': true,
  'case-receipt-secret': true,
  'idempotency-key': true,
  'idempotency-fingerprint': true,
  'one-time-token': true,
  'recovery-code': true,
  'passkey-challenge': true,
  'password-fingerprint': true,
  'mail-recipient': true,
  'legacy-identifier': true,
  'legacy-link-code': true,
  'legacy-ticket': true,
} satisfies Record<KeyedHashPurpose, true>) as KeyedHashPurpose[];

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
      const hashes = PURPOSES.map((purpose) => hex(keyedHash.of(purpose, 'value')));
      expect(new Set(hashes)).to.have.property('size', PURPOSES.length);
    });
  });
}
