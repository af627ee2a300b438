import { expect } from 'chai';
import { create } from 'qrcode';
import { OtplibTotp } from '../../../src/adapters/second-factors/otplib-totp.ts';
import { totpContract } from '../../contracts/security/totp-contract.ts';

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const makeTotp = (issuer = 'Casegate'): OtplibTotp => new OtplibTotp({ issuer });

totpContract('OtplibTotp', () => makeTotp());

/** Which modules of a drawing are dark, row by row, without the margin: `M` begins a row, `m` skips, `h` draws. */
function modulesOf(svg: string, side: number, margin: number): readonly number[] {
  const dark = new Array<number>(side * side).fill(0);
  let [column, row] = [0, 0];
  const strokes = /<path stroke="#000000" d="([^"]+)"/.exec(svg)?.[1] ?? '';
  for (const [, command, first = '', second = ''] of strokes.matchAll(/([Mmh])([\d.]+)(?: ([\d.]+))?/g)) {
    if (command === 'M') [column, row] = [Number(first) - margin, Math.floor(Number(second)) - margin];
    if (command === 'h') dark.fill(1, row * side + column, row * side + column + Number(first));
    if (command !== 'M') column += Number(first);
  }
  return dark;
}

describe('OtplibTotp', () => {
  it('names the product and the account, and says what every app does anyway', async () => {
    const { otpauthUri } = await makeTotp().enrolment(SECRET, 'person@example.org');
    expect(otpauthUri).to.equal(
      `otpauth://totp/Casegate:person%40example.org?secret=${SECRET}&issuer=Casegate&algorithm=SHA1&digits=6&period=30`,
    );
  });

  it('encodes the name of the product too', async () => {
    const { otpauthUri } = await makeTotp('A & B').enrolment(SECRET, 'a');
    expect(otpauthUri)
      .to.match(/^otpauth:\/\/totp\/A%20%26%20B:a\?/)
      .and.to.include('&issuer=A%20%26%20B&');
  });

  it('cuts an account that would make too fine a drawing behind a whole character, and no ASCII address', async () => {
    const totp = makeTotp();
    const long = await totp.enrolment(SECRET, '頭'.repeat(254));
    expect(long.otpauthUri).to.include(`:${encodeURIComponent(`${'頭'.repeat(66)}…`)}?`);
    const ascii = `${'a'.repeat(64)}@${'b'.repeat(185)}.org`;
    expect((await totp.enrolment(SECRET, ascii)).otpauthUri).to.include(`:${encodeURIComponent(ascii)}?`);
  });

  it('draws what the URI says, with error correction M and a margin of four modules', async () => {
    for (const account of ['person@example.org', '頭'.repeat(254)]) {
      const { otpauthUri, qrSvg } = await makeTotp().enrolment(SECRET, account);
      const { modules } = create(otpauthUri, { errorCorrectionLevel: 'M' });
      expect(modulesOf(qrSvg, modules.size, 4)).to.deep.equal([...modules.data].map(Number));
      expect(qrSvg).to.include(`viewBox="0 0 ${modules.size + 8} ${modules.size + 8}"`);
    }
  });

  it('draws in the same size whatever it says', async () => {
    for (const account of ['a', 'a'.repeat(254)]) {
      const { qrSvg } = await makeTotp().enrolment(SECRET, account);
      expect(qrSvg).to.match(/^<svg [^>]*\bwidth="256" height="256"/);
    }
  });

  it('takes a secret that is none for the fault that it is, not for a wrong code', async () => {
    for (const secret of ['', 'not base32!', 'GEZDGNBV']) {
      const fault = await makeTotp()
        .matchingStep(secret, '123456', new Date(0))
        .catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(Error);
    }
  });
});
