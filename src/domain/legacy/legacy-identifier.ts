import { isEmailAddress, normalEmail } from '../shared/email-address.ts';
import { isStorable } from '../shared/text.ts';

/** By what the legacy service knows a person, for schemas. */
export const LEGACY_IDENTIFIER_KINDS = ['legacy_user_id', 'national_id', 'phone', 'email'] as const;
/** One of these. */
export type LegacyIdentifierKind = (typeof LEGACY_IDENTIFIER_KINDS)[number];

/** The longest identifier that is looked at, in UTF-16 code units. */
export const IDENTIFIER_MAX_LENGTH = 254;

/** What people and programs put between digits: blanks, dashes, dots, brackets, and marks that nobody sees. */
const SEPARATORS = /[\s\p{Pd}\p{Cf}.()/]/gu;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Israeli numbers: nine digits after a leading zero for mobiles and special services, eight for the others. */
const ISRAELI = /^(?:[57]\d{8}|[23489]\d{7})$/;
/** ITU-T E.164: at most fifteen digits, none of them a leading zero. */
const INTERNATIONAL = /^[1-9]\d{6,14}$/;

/** The check digit of an Israeli identity number: weights 1 and 2 in turn, digits of the products summed, a multiple of ten. */
function passesCheck(nineDigits: string): boolean {
  const sum = [...nineDigits].reduce((total, digit, index) => {
    const product = Number(digit) * (1 + (index % 2));
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return sum % 10 === 0;
}

function nationalId(text: string): string | null {
  const digits = text.replaceAll(SEPARATORS, '');
  if (!/^\d{5,9}$/.test(digits)) return null;
  const padded = digits.padStart(9, '0');
  return passesCheck(padded) ? padded : null;
}

/** E.164; a number without a country is Israeli, and may have lost its leading zero. */
function phone(text: string): string | null {
  const digits = text.replaceAll(SEPARATORS, '').replace(/^00/, '+');
  const abroad = /^\+(?!972)(\d+)$/.exec(digits)?.[1];
  if (abroad !== undefined) return INTERNATIONAL.test(abroad) ? `+${abroad}` : null;
  const national = /^(?:\+?972)?0?(\d+)$/.exec(digits)?.[1] ?? '';
  return ISRAELI.test(national) ? `+972${national}` : null;
}

/** Lower case: the legacy service wrote addresses and UUIDs in either, and others by hand. */
function legacyUserId(text: string): string | null {
  const trimmed = text.trim().normalize('NFC');
  return trimmed === '' ? null : trimmed.toLowerCase();
}

const NORMAL: Readonly<Record<LegacyIdentifierKind, (text: string) => string | null>> = {
  legacy_user_id: legacyUserId,
  national_id: nationalId,
  phone,
  email: (text) => (isEmailAddress(text) ? normalEmail(text) : null),
};

/**
 * The one form by which identifiers are matched, however they were written: an Israeli identity number of nine digits whose check digit
 * is right (FHIR system `http://fhir.health.gov.il/identifier/il-national-id`), a phone number in E.164, an address, or the legacy
 * service's own id.
 *
 * @returns `null` for what cannot be an identifier of this kind, and then matches nobody
 */
export const normalIdentifier = (kind: LegacyIdentifierKind, text: string): string | null =>
  text.length <= IDENTIFIER_MAX_LENGTH && isStorable(text) ? NORMAL[kind](text) : null;

/** What is written where somebody has no identifier, or does not want to say it. */
const NOBODY = new Set([
  ...['-1', 'null', 'none', 'nil', 'undefined', 'nan', 'n/a', 'na', 'unknown', 'anonymous', 'anon'],
  ...['guest', 'test', 'user', 'admin', 'default', 'system', 'noreply', 'no-reply', 'nomail', 'noemail'],
]);

const PLACEHOLDERS: Readonly<Record<LegacyIdentifierKind, (normal: string) => boolean>> = {
  legacy_user_id: (normal) => NOBODY.has(normal) || /^[0\p{P}]+$/u.test(normal),
  national_id: (normal) => /^(\d)\1{7}/.test(normal) || normal.startsWith('12345678'),
  phone: (normal) => /(\d)\1{6}$/.test(normal) || normal.endsWith('1234567'),
  email: (normal) => NOBODY.has(normal.slice(0, normal.lastIndexOf('@'))),
};

/** Whether an identifier in its normal form stands for nobody, though it looks right: `000000000` passes the check digit. */
export const isPlaceholder = (kind: LegacyIdentifierKind, normal: string): boolean =>
  PLACEHOLDERS[kind](normal);

/** Whether two spellings of a legacy user id that differ in case only are the same id for sure. */
export const isCaseless = (normal: string): boolean => UUID.test(normal) || isEmailAddress(normal);

/** An identifier in its normal form. */
export interface LegacyIdentifier {
  readonly kind: LegacyIdentifierKind;
  readonly normal: string;
}

/** In the order of their claim to a text: eight or nine digits that pass the check digit are no phone number. */
const KINDS_IN_TURN = ['email', 'national_id', 'phone'] as const;

/**
 * What a text is that holds a national id, a phone number or an address.
 *
 * @param only the kind that its vendor uses; `null` where that is not known, and then its form decides
 * @returns `null` where it is none of them
 */
export function identifierIn(
  text: string | null,
  only: LegacyIdentifierKind | null,
): LegacyIdentifier | null {
  if (text === null) return null;
  for (const kind of only === null ? KINDS_IN_TURN : [only]) {
    const normal = normalIdentifier(kind, text);
    if (normal !== null) return { kind, normal };
  }
  return null;
}
