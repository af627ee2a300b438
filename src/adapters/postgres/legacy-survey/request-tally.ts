import {
  identifierIn,
  isPlaceholder,
  LEGACY_IDENTIFIER_KINDS,
  type LegacyIdentifier,
  type LegacyIdentifierKind,
} from '../../../domain/legacy/legacy-identifier.ts';
import { spellingOf } from '../../../domain/legacy/legacy-record.ts';
import type { Vendor } from '../../../domain/legacy/vendor.ts';
import { normalVendorId } from '../../../domain/shared/vendor-id.ts';
import { Interned, Numbers } from './interned.ts';
import type { Filling, IdentifierFacts, RequestFacts, VendorFacts } from './legacy-facts.ts';

/** More spellings and vendors than these are not told apart: somebody else's texts are in the column. */
const MAX_VENDORS = 10_000;

/** What is asked of each identifier, as bits. */
const SEVERAL_ROWS = 1;
const SEVERAL_WAYS = 2;
const SEVERAL_USERS = 4;
const SEVERAL_VENDORS = 8;
const BITS = [SEVERAL_ROWS, SEVERAL_WAYS, SEVERAL_USERS, SEVERAL_VENDORS] as const;

/** What the installation knows of a vendor, by its normal form; `null` for one that is not listed. */
export type ListedVendor = (vendorId: string | null) => Vendor | null;

/** Counts of a column of texts, while they come. */
class FillingTally {
  readonly #counts = { nulls: 0, blanks: 0, padded: 0 };

  add(text: string | null): void {
    if (text === null) this.#counts.nulls += 1;
    else if (text.trim() === '') this.#counts.blanks += 1;
    else if (text.trim() !== text) this.#counts.padded += 1;
  }

  facts(): Filling {
    return { ...this.#counts };
  }
}

/** Things of one kind, with bits of each and how many have them. */
class Flagged {
  readonly known = new Interned();
  readonly #bits = new Numbers();
  readonly #counts = new Map<number, number>(BITS.map((bit) => [bit, 0]));

  /** @returns its number, and whether it is new */
  number(text: string): readonly [number, boolean] {
    const before = this.known.size;
    const number = this.known.numberOf(text);
    return [number, number === before];
  }

  mark(number: number, bit: number): void {
    const bits = this.#bits.at(number);
    if ((bits & bit) !== 0) return;
    this.#bits.set(number, bits | bit);
    this.#counts.set(bit, this.count(bit) + 1);
  }

  count(bit: number): number {
    return this.#counts.get(bit) ?? 0;
  }
}

/** Remembers the first of something for each of others, and tells where a second one differs. */
class Firsts {
  readonly #firsts = new Numbers();

  differs(of: number, value: number): boolean {
    const first = this.#firsts.at(of);
    if (first === 0) this.#firsts.set(of, value + 1);
    return first !== 0 && first !== value + 1;
  }
}

const writings = () => ({ asNormal: 0, padded: 0, upperCase: 0, separated: 0, otherwise: 0 });

/** How a text differs from its normal form. */
function writingOf(text: string, normal: string): keyof ReturnType<typeof writings> {
  if (text === normal) return 'asNormal';
  const trimmed = text.trim();
  if (trimmed === normal) return 'padded';
  if (trimmed.toLowerCase() === normal) return 'upperCase';
  return /\d[^\d]+\d/u.test(trimmed) ? 'separated' : 'otherwise';
}

/** Counts of one kind of identifiers, while they come. */
class IdentifierTally {
  #rows = 0;
  #placeholders = 0;
  readonly #writings = writings();
  readonly #identifiers = new Flagged();
  readonly #users = new Firsts();
  readonly #ways = new Firsts();
  readonly #atVendors = new Flagged();
  readonly #vendors = new Firsts();

  /**
   * @param text as stored
   * @param vendorKey tells vendors apart
   * @param user number of the user id beside it; `null` where there is none
   */
  add({ kind, normal }: LegacyIdentifier, text: string, vendorKey: string, user: number | null): void {
    this.#rows += 1;
    this.#writings[writingOf(text, normal)] += 1;
    if (isPlaceholder(kind, normal)) {
      this.#placeholders += 1;
      return;
    }
    const [number, isNew] = this.#identifiers.number(`${vendorKey}\n${normal}`);
    if (!isNew) this.#identifiers.mark(number, SEVERAL_ROWS);
    if (this.#ways.differs(number, shortHash(text))) this.#identifiers.mark(number, SEVERAL_WAYS);
    if (user !== null && this.#users.differs(number, user)) this.#identifiers.mark(number, SEVERAL_USERS);
    const [anywhere] = this.#atVendors.number(normal);
    const isElsewhere = this.#vendors.differs(anywhere, shortHash(vendorKey));
    if (isElsewhere) this.#atVendors.mark(anywhere, SEVERAL_VENDORS);
  }

  has(normal: string): boolean {
    return this.#atVendors.known.has(normal);
  }

  facts(): IdentifierFacts {
    return {
      rows: this.#rows,
      ...this.#writings,
      placeholders: this.#placeholders,
      distinct: this.#identifiers.known.size,
      inSeveralRows: this.#identifiers.count(SEVERAL_ROWS),
      writtenInSeveralWays: this.#identifiers.count(SEVERAL_WAYS),
      ofSeveralUserIds: this.#identifiers.count(SEVERAL_USERS),
      atSeveralVendors: this.#atVendors.count(SEVERAL_VENDORS),
    };
  }
}

/** Whether an identifier stands where a vendor should, by mistake: it is counted, and never told. */
const isPersonal = (vendorId: string | null): boolean => identifierIn(vendorId, null) !== null;

/** FNV-1a: enough to tell two ways of writing one identifier apart. */
function shortHash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return (value >>> 0) % 0xffff_fff0;
}

/** Counts the rows of `rn_requests` one by one, in memory that grows by some octets for each person. */
export class RequestTally {
  #rows = 0;
  readonly #listed: ListedVendor;
  readonly #userId = new FillingTally();
  readonly #userIdentifier = new FillingTally();
  readonly #vendorId = new FillingTally();
  readonly #kinds: Readonly<Record<LegacyIdentifierKind, IdentifierTally>>;
  #withoutNormalForm = 0;
  readonly #users = new Flagged();
  readonly #nationalIds = new Firsts();
  readonly #anywhere = new Interned();
  #placeholderUsers = 0;
  readonly #vendors = new Map<string | null, { rows: number; readonly spellings: Set<string> }>();

  constructor(listed: ListedVendor) {
    this.#listed = listed;
    const kinds = LEGACY_IDENTIFIER_KINDS.map((kind) => [kind, new IdentifierTally()] as const);
    this.#kinds = Object.fromEntries(kinds) as Record<LegacyIdentifierKind, IdentifierTally>;
  }

  /** Counts one row, by its texts as they are stored. */
  add(userId: string | null, userIdentifier: string | null, vendorText: string | null): void {
    this.#rows += 1;
    this.#userId.add(userId);
    this.#userIdentifier.add(userIdentifier);
    this.#vendorId.add(vendorText);
    const vendorId = normalVendorId(vendorText);
    this.#addVendor(vendorId, vendorText);
    const vendorKey = vendorId ?? '';
    const user = userId === null ? null : this.#addUser(userId, vendorKey);
    if (userIdentifier === null || userIdentifier.trim() === '') return;
    const identifier = identifierIn(userIdentifier, this.#listed(vendorId)?.identifierKind ?? null);
    if (!identifier) {
      this.#withoutNormalForm += 1;
      return;
    }
    this.#kinds[identifier.kind].add(identifier, userIdentifier, vendorKey, user);
    if (
      identifier.kind === 'national_id' &&
      user !== null &&
      !isPlaceholder('national_id', identifier.normal)
    ) {
      if (this.#nationalIds.differs(user, Number(identifier.normal))) this.#users.mark(user, SEVERAL_WAYS);
    }
  }

  /** Whether a text is the user id of a row that was counted. */
  hasUserId(text: string): boolean {
    const id = spellingOf({ userId: text });
    return id !== null && this.#anywhere.has(id);
  }

  /** Whether a text is the identifier of a row that was counted. */
  hasIdentifier(text: string): boolean {
    const identifier = identifierIn(text, null);
    return identifier !== null && this.#kinds[identifier.kind].has(identifier.normal);
  }

  facts(isWhole: boolean): RequestFacts {
    const kinds = LEGACY_IDENTIFIER_KINDS.map((kind) => [kind, this.#kinds[kind].facts()] as const);
    return {
      rows: this.#rows,
      isWhole,
      userId: this.#userId.facts(),
      userIdentifier: this.#userIdentifier.facts(),
      vendorId: this.#vendorId.facts(),
      identifiers: Object.fromEntries(kinds) as Record<LegacyIdentifierKind, IdentifierFacts>,
      withoutNormalForm: this.#withoutNormalForm,
      userIds: {
        distinct: this.#users.known.size,
        inSeveralRows: this.#users.count(SEVERAL_ROWS),
        placeholders: this.#placeholderUsers,
        ofSeveralNationalIds: this.#users.count(SEVERAL_WAYS),
      },
      vendors: this.#vendorFacts(),
      personalVendors: [...this.#vendors].reduce(
        (sum, [vendorId, { rows }]) => (isPersonal(vendorId) ? sum + rows : sum),
        0,
      ),
    };
  }

  #addUser(text: string, vendorKey: string): number | null {
    const id = spellingOf({ userId: text });
    if (id === null) {
      if (text.trim() !== '') this.#placeholderUsers += 1;
      return null;
    }
    this.#anywhere.numberOf(id);
    const [number, isNew] = this.#users.number(`${vendorKey}\n${id}`);
    if (!isNew) this.#users.mark(number, SEVERAL_ROWS);
    return number;
  }

  #addVendor(vendorId: string | null, text: string | null): void {
    const known = this.#vendors.get(vendorId);
    if (!known && this.#vendors.size >= MAX_VENDORS) return;
    const vendor = known ?? { rows: 0, spellings: new Set<string>() };
    vendor.rows += 1;
    if (text !== null && vendor.spellings.size < MAX_VENDORS) vendor.spellings.add(text);
    this.#vendors.set(vendorId, vendor);
  }

  #vendorFacts(): readonly VendorFacts[] {
    return [...this.#vendors]
      .filter(([vendorId]) => !isPersonal(vendorId))
      .map(([vendorId, { rows, spellings }]) => ({
        vendorId,
        rows,
        spellings: spellings.size,
        isListed: this.#listed(vendorId) !== null,
      }))
      .toSorted((one, other) => other.rows - one.rows);
  }
}
