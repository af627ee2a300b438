import type { PasswordBlockList } from '../../../src/application/ports/security/password-block-list.ts';

const COMMON: ReadonlySet<string> = new Set([
  '11111111',
  '12341234',
  '12345678',
  '123456789',
  '1234567890',
  '1q2w3e4r',
  'abcd1234',
  'baseball',
  'football',
  'iloveyou',
  'letmein1',
  'password',
  'password1',
  'princess',
  'qwerty123',
  'qwertyuiop',
  'sunshine',
  'superman',
  'trustno1',
  'welcome1',
]);

/** A handful of the passwords that everybody tries first. */
export class MemoryPasswordBlockList implements PasswordBlockList {
  includes(password: string): boolean {
    return COMMON.has(password);
  }
}
