import { expect } from 'chai';
import type {
  ExpectedStatement,
  VendorStatements,
} from '../../../src/application/ports/legacy/vendor-statements.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';
import { rejectionOf } from '../security/rejection-of.ts';

/** What a vendor says of a person. */
export interface StatedIdentifier {
  readonly vendorId: string;
  readonly nonce: string;
  /** In any spelling. */
  readonly identifier: string;
  /** `null` where the vendor does not say it. */
  readonly kind: string | null;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** A judge of statements, and the vendors `north` and `south`, who have keys. */
export interface VendorStatementsFixture {
  readonly vendorStatements: VendorStatements;
  /** Has one of the two vendors make a statement for us. */
  readonly issue: (stated: StatedIdentifier) => string | Promise<string>;
  /** Puts the keys of `north` out of reach, before they were asked for. */
  readonly interrupt: () => void | Promise<void>;
}

const NOW = new Date('2026-03-01T12:00:00Z');
const NONCE = '01900000-0000-7000-8000-000000000001';
const EXPECTED: ExpectedStatement = { nonce: NONCE, kind: 'national_id', identifier: '031472814' };
const STATED: StatedIdentifier = {
  vendorId: 'north',
  nonce: NONCE,
  identifier: '31472814',
  kind: 'national_id',
  issuedAt: NOW,
  expiresAt: addSeconds(NOW, 300),
};

/** What every judge of vendors' statements does. */
export function vendorStatementsContract(
  name: string,
  make: () => VendorStatementsFixture | Promise<VendorStatementsFixture>,
): void {
  describe(`${name} as a judge of vendors' statements`, () => {
    let fixture: VendorStatementsFixture;
    beforeEach(async () => {
      fixture = await make();
    });

    /** Whether a statement counts that differs from a good one in what is given. */
    const counts = async (
      stated: Partial<StatedIdentifier> = {},
      expected: Partial<ExpectedStatement> = {},
      now = NOW,
    ): Promise<boolean> => {
      const jwt = await fixture.issue({ ...STATED, ...stated });
      return fixture.vendorStatements.verify('north', jwt, { ...EXPECTED, ...expected }, now);
    };

    it('offers proof by the statements of vendors that have keys', () => {
      const { vendorStatements } = fixture;
      for (const known of ['north', ' NORTH ', 'south']) expect(vendorStatements.offers(known)).to.be.true;
      for (const unknown of ['west', '', null]) expect(vendorStatements.offers(unknown)).to.be.false;
    });

    it('believes a vendor about its own people, in whatever spelling', async () => {
      expect(await counts()).to.be.true;
      const jwt = await fixture.issue(STATED);
      expect(await fixture.vendorStatements.verify(' NORTH', jwt, EXPECTED, NOW)).to.be.true;
      expect(await counts({ identifier: '03147281-4' })).to.be.true;
      expect(await counts({ kind: null })).to.be.true;
      const email = { kind: 'email', identifier: 'person@example.org' } as const;
      expect(await counts({ ...email, identifier: 'Person@Example.org' }, email)).to.be.true;
    });

    it('does not believe one vendor about the people of another', async () => {
      const { vendorStatements } = fixture;
      const jwt = await fixture.issue({ ...STATED, vendorId: 'south' });
      expect(await vendorStatements.verify('south', jwt, EXPECTED, NOW)).to.be.true;
      for (const other of ['north', 'west', '', null]) {
        expect(await vendorStatements.verify(other, jwt, EXPECTED, NOW)).to.be.false;
      }
    });

    it('takes a statement for the link only that it was made for', async () => {
      expect(await counts({ nonce: NONCE.replace(/1$/, '2') })).to.be.false;
      expect(await counts({ nonce: '' })).to.be.false;
    });

    it('takes a statement about this very identifier only', async () => {
      expect(await counts({ identifier: '031472822' })).to.be.false;
      expect(await counts({ identifier: '' })).to.be.false;
      expect(await counts({ kind: 'phone' })).to.be.false;
      expect(await counts({}, { kind: 'legacy_user_id', identifier: '31472814' })).to.be.false;
    });

    it('takes a statement for five minutes at most', async () => {
      expect(await counts({ expiresAt: addSeconds(NOW, 301) })).to.be.false;
      expect(await counts({ expiresAt: NOW })).to.be.false;
      expect(await counts({ expiresAt: addSeconds(NOW, -1) })).to.be.false;
    });

    it('counts from half a minute before it was made until half a minute after it ends', async () => {
      for (const seconds of [-30, 0, 300, 330]) {
        expect(await counts({}, {}, addSeconds(NOW, seconds)), String(seconds)).to.be.true;
      }
      for (const seconds of [-31, 331, 3_600, -3_600]) {
        expect(await counts({}, {}, addSeconds(NOW, seconds)), String(seconds)).to.be.false;
      }
    });

    it('takes nothing that is no statement', async () => {
      const jwt = await fixture.issue(STATED);
      for (const text of [
        '',
        '.',
        '..',
        'x',
        `${jwt}.`,
        ` ${jwt}`,
        jwt.slice(1),
        'a'.repeat(100_000),
        '\0',
      ]) {
        expect(await fixture.vendorStatements.verify('north', text, EXPECTED, NOW)).to.be.false;
      }
    });

    it('says nothing while the keys are out of reach', async () => {
      const jwt = await fixture.issue(STATED);
      await fixture.interrupt();
      const verifying = fixture.vendorStatements.verify('north', jwt, EXPECTED, NOW);
      expect(await rejectionOf(verifying)).to.be.instanceOf(Unavailable);
    });
  });
}
