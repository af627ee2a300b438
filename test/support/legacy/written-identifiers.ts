import type { Seeded } from './seeded.ts';

/** What the legacy service knows people by, besides its own user ids. */
export type WrittenKind = 'national_id' | 'phone' | 'email';

/** How many different identifiers of a kind there are to give away. */
const CAPACITY = 500_000;
/** Prime to the capacity, so that numbers one after the other lead to identifiers that are far apart and all different. */
const STRIDE = 314_159;

/** Where numbers of mobile phones begin, after the 0. */
const MOBILE = ['50', '52', '53', '54', '58'] as const;

/** Eight digits with the ninth that they lead to (every other one doubled, digits summed, up to the next ten). */
export function withCheckDigit(body: string): string {
  const sum = [...body].reduce((total, digit, index) => {
    const product = Number(digit) * ((index % 2) + 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/**
 * The identifier with this number in its normal form; another number gives another one. Every third national id begins with zeros, the
 * others with a digit that people's ids have not reached.
 */
export function identifierOf(kind: WrittenKind, number: number): string {
  if (number >= CAPACITY) throw new Error('There are not as many made-up identifiers.');
  // Six digits, without zeros in front: what is left of a national id that has lost its own must be enough to know it for one.
  const digits = String(100_000 + ((number * STRIDE) % CAPACITY));
  switch (kind) {
    case 'national_id':
      return withCheckDigit(number % 3 === 0 ? `00${digits}` : `77${digits}`);
    case 'phone':
      return `+972${MOBILE[Number(digits.at(0)) - 1]!}55${digits.slice(1)}`;
    case 'email':
      return `person-${digits}@example.net`;
  }
}

/** The ways in which the legacy service has stored this identifier; its usual one first. */
export function writingsOf(kind: WrittenKind, normal: string): readonly string[] {
  switch (kind) {
    case 'national_id':
      return [
        normal,
        `${normal.slice(0, 8)}-${normal.slice(8)}`,
        ` ${normal}`,
        `${normal}  `,
        ...(normal.startsWith('0') ? [normal.replace(/^0+/, ''), `${normal.replace(/^0+/, '')} `] : []),
      ];
    case 'phone': {
      const [area, rest] = [normal.slice(4, 6), normal.slice(6)];
      return [
        `0${area}${rest}`,
        normal,
        `0${area}-${rest}`,
        `+972-${area}-${rest}`,
        `+972 ${area} ${rest.slice(0, 3)} ${rest.slice(3)}`,
        ` 0${area} ${rest.slice(0, 3)}-${rest.slice(3)} `,
      ];
    }
    case 'email':
      return [normal, normal.toUpperCase(), ` ${normal}`, `${normal.replace(/^p/, 'P')} `];
  }
}

/** One of the ways, the usual one unless something odd happens. */
export function writtenAs(seeded: Seeded, kind: WrittenKind, normal: string, oddShare: number): string {
  const [usual, ...odd] = writingsOf(kind, normal);
  return seeded.happens(oddShare) ? seeded.pick(odd) : usual!;
}

/** What stands where an identifier should, and is nobody's. The third is a national id with a wrong check digit. */
export const NOBODYS_IDENTIFIERS: readonly (string | null)[] = [
  null,
  '000000000',
  '123456789',
  '',
  '   ',
  '-',
  '0',
];
