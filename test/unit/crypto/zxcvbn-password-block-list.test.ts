import { expect } from 'chai';
import { ZxcvbnPasswordBlockList } from '../../../src/adapters/crypto/zxcvbn-password-block-list.ts';
import { passwordBlockListContract } from '../../contracts/security/password-block-list-contract.ts';

passwordBlockListContract('ZxcvbnPasswordBlockList', () => new ZxcvbnPasswordBlockList());

describe('ZxcvbnPasswordBlockList', () => {
  const blockList = new ZxcvbnPasswordBlockList();

  for (const password of [
    'aaaaaaaa',
    '00000000',
    'zzzzzzzzzzzzzzz',
    'אאאאאאאא',
    '🙂🙂🙂🙂🙂🙂🙂🙂',
    'abcdefgh',
    'hgfedcba',
    'abcdefghijklmnopqrstuvwxyz',
    '87654321',
    '123456789012345',
    '0987654321098765',
    'אבגדהוזח',
    'a'.repeat(32),
  ]) {
    it(`includes ${password}`, () => {
      expect(blockList.includes(password)).to.equal(true);
    });
  }

  for (const password of [
    'abcdefgi',
    'aaaaaaab',
    'abcdabcd9',
    'acegikmo',
    'a'.repeat(33),
    '🙂'.repeat(33),
    '8:;<=>?@z',
  ]) {
    it(`leaves ${password} alone`, () => {
      expect(blockList.includes(password)).to.equal(false);
    });
  }
});
