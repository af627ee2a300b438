import { expect } from 'chai';
import type { SealedPlace, TextCipher } from '../../../src/application/ports/security/text-cipher.ts';
import { DomainError } from '../../../src/domain/shared/domain-error.ts';
import type { TenantId } from '../../../src/domain/shared/ids.ts';
import { rejectionOf } from './rejection-of.ts';

/** A cipher, and two tenants that exist. */
export interface TextCipherFixture {
  readonly textCipher: TextCipher;
  readonly tenantId: TenantId;
  readonly otherTenantId: TenantId;
}

const ROW = '01900000-0000-7000-8000-00000000000a';
const OTHER_ROW = '01900000-0000-7000-8000-00000000000b';

const TEXTS = {
  'an empty text': '',
  'a line': 'Is the second opinion the same?',
  'text of every script': 'כאב ראש מזה שבוע — 頭痛 🤕\r\n\t"\\',
  'the longest text': '🤕'.repeat(20_000),
};

/** What every cipher of texts does. */
export function textCipherContract(
  name: string,
  make: () => TextCipherFixture | Promise<TextCipherFixture>,
): void {
  describe(`${name} as a text cipher`, () => {
    let textCipher: TextCipher;
    let place: SealedPlace;
    let otherTenantId: TenantId;

    beforeEach(async () => {
      const fixture = await make();
      ({ textCipher, otherTenantId } = fixture);
      place = { tenantId: fixture.tenantId, table: 'case_messages', column: 'body', rowId: ROW };
    });

    const expectFault = async (opening: Promise<unknown>): Promise<void> => {
      const fault = await rejectionOf(opening);
      expect(fault).to.be.instanceOf(Error);
      expect(fault).to.not.be.instanceOf(DomainError);
    };

    for (const [what, text] of Object.entries(TEXTS)) {
      it(`opens ${what} as it was sealed`, async () => {
        expect(await textCipher.open(place, await textCipher.seal(place, text))).to.equal(text);
      });
    }

    it('shows nothing of the text', async () => {
      const { bytes } = await textCipher.seal(place, 'a'.repeat(64));
      expect(Buffer.from(bytes).includes('aaaa')).to.equal(false);
    });

    it('seals the same text otherwise each time', async () => {
      const sealed = await Promise.all(Array.from({ length: 50 }, () => textCipher.seal(place, 'text')));
      const octets = sealed.map(({ bytes }) => Buffer.from(bytes).toString('hex'));
      expect(new Set(octets)).to.have.property('size', 50);
    });

    const moves: Record<string, (from: SealedPlace) => SealedPlace> = {
      table: (from) => ({ ...from, table: 'cases' }),
      column: (from) => ({ ...from, column: 'subject' }),
      row: (from) => ({ ...from, rowId: OTHER_ROW }),
      tenant: (from) => ({ ...from, tenantId: otherTenantId }),
      'table and column that read alike together': (from) => ({
        ...from,
        table: 'case_messagesb',
        column: 'ody',
      }),
    };
    for (const [what, move] of Object.entries(moves)) {
      it(`does not open a text that was moved to another ${what}`, async () => {
        const sealed = await textCipher.seal(place, 'text');
        await expectFault(textCipher.open(move(place), sealed));
      });
    }

    it('does not open a text whose octets were changed, whichever', async () => {
      const { keyId, bytes } = await textCipher.seal(place, 'text');
      for (let index = 0; index < bytes.length; index += 1) {
        const changed = Uint8Array.from(bytes);
        changed[index] = changed[index]! ^ 1;
        await expectFault(textCipher.open(place, { keyId, bytes: changed }));
      }
    });

    it('does not open a text that was cut or lengthened', async () => {
      const { keyId, bytes } = await textCipher.seal(place, 'text');
      for (let length = 0; length < bytes.length; length += 1) {
        await expectFault(textCipher.open(place, { keyId, bytes: bytes.slice(0, length) }));
      }
      await expectFault(textCipher.open(place, { keyId, bytes: Uint8Array.of(...bytes, 0) }));
    });

    it('does not open a text without its key', async () => {
      const { bytes } = await textCipher.seal(place, 'text');
      const other = await textCipher.seal({ ...place, tenantId: otherTenantId }, 'text');
      await expectFault(textCipher.open(place, { keyId: other.keyId, bytes }));
      await expectFault(textCipher.open(place, { keyId: '01900000-0000-7000-8000-ffffffffffff', bytes }));
    });
  });
}
