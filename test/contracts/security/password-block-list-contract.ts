import { expect } from 'chai';
import type { PasswordBlockList } from '../../../src/application/ports/security/password-block-list.ts';

/** What every list of common passwords does. */
export function passwordBlockListContract(
  name: string,
  make: () => PasswordBlockList | Promise<PasswordBlockList>,
): void {
  describe(`${name} as a password block list`, () => {
    for (const common of [
      'password',
      '12345678',
      '123456789',
      'qwertyuiop',
      'iloveyou',
      'password1',
      'sunshine',
    ]) {
      it(`includes ${common}`, async () => {
        expect((await make()).includes(common)).to.equal(true);
      });
    }

    for (const uncommon of [
      'correct horse battery staple',
      'mv7$kq2!xw9z',
      'שלוש מילים ארוכות',
      'constructor of toString',
    ]) {
      it(`does not include ${uncommon}`, async () => {
        expect((await make()).includes(uncommon)).to.equal(false);
      });
    }
  });
}
