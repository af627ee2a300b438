import type {
  Filling,
  IdentifierFacts,
  RequestFacts,
  VendorFacts,
} from '../../adapters/postgres/legacy-survey/legacy-facts.ts';
import { counted } from './in-words.ts';
import type { Inspection } from './inspection.ts';
import { printable } from './printable.ts';

/** Vendors that are told one by one. */
const MAX_VENDORS = 50;

const fillingLine = (name: string, { blanks, nulls, padded }: Filling): string =>
  `${name}: ${String(nulls)} null, ${String(blanks)} blank, ${String(padded)} with blanks around them`;

function identifierLines(kind: string, facts: IdentifierFacts): readonly string[] {
  if (facts.rows === 0) return [];
  const ways = [
    [facts.asNormal, 'in normal form'],
    [facts.padded, 'with blanks around'],
    [facts.upperCase, 'in upper case'],
    [facts.separated, 'with dashes or blanks between'],
    [facts.otherwise, 'otherwise (leading zeros lost, another spelling of the country)'],
    [facts.placeholders, 'of them placeholders, which match nobody'],
  ] as const;
  const written = ways.filter(([count]) => count > 0).map(([count, how]) => `${String(count)} ${how}`);
  return [
    `${kind}: in ${counted(facts.rows, 'row')}; ${written.join(', ')}`,
    `  ${String(facts.distinct)} different, ${String(facts.inSeveralRows)} in several rows, ${String(facts.writtenInSeveralWays)} written in several ways, ` +
      `${String(facts.ofSeveralUserIds)} with several user ids, ${String(facts.atSeveralVendors)} at several vendors`,
  ];
}

function vendorLine({ isListed, rows, spellings, vendorId }: VendorFacts, hasList: boolean): string {
  const name = vendorId === null ? 'none (null or blank)' : printable(vendorId);
  const notes = [
    counted(rows, 'row'),
    ...(vendorId !== null && spellings > 1 ? [`written in ${String(spellings)} ways`] : []),
    ...(isListed ? ['in VENDORS'] : hasList ? ['not in VENDORS: belongs to default'] : []),
  ];
  return `vendor ${name}: ${notes.join(', ')}`;
}

function vendorLines(
  { personalVendors, vendors }: RequestFacts,
  listedVendors: readonly string[],
): readonly string[] {
  const known = new Set(vendors.map(({ vendorId }) => vendorId));
  const hasList = listedVendors.length > 0;
  const surplus = vendors.length - MAX_VENDORS;
  return [
    ...vendors.slice(0, MAX_VENDORS).map((vendor) => vendorLine(vendor, hasList)),
    ...(surplus > 0 ? [`and ${counted(surplus, 'vendor')} more`] : []),
    ...(personalVendors > 0
      ? [`vendors that look like a person's identifier: ${counted(personalVendors, 'row')}`]
      : []),
    ...listedVendors
      .filter((id) => !known.has(id))
      .map((id) => `vendor ${printable(id)}: in VENDORS, and in no row`),
    ...(hasList ? [] : ['VENDORS is not set: every vendor belongs to default']),
  ];
}

/** What the rows of `rn_requests` say, in words. */
export function requestLines({ listedVendors, requests }: Inspection): readonly string[] {
  if (requests === null || 'unread' in requests) return [];
  const { identifiers, userIds, withoutNormalForm } = requests;
  return [
    fillingLine('user_id', requests.userId),
    fillingLine('user_identifier', requests.userIdentifier),
    fillingLine('vendor_id', requests.vendorId),
    ...Object.entries(identifiers).flatMap(([kind, facts]) => identifierLines(kind, facts)),
    `identifiers without a normal form (a wrong check digit, a word), which match nobody: ${String(withoutNormalForm)}`,
    `user ids: ${String(userIds.distinct)} different, ${String(userIds.inSeveralRows)} in several rows, ` +
      `${String(userIds.ofSeveralNationalIds)} with several national ids; placeholders in ${counted(userIds.placeholders, 'row')}`,
    ...vendorLines(requests, listedVendors),
  ];
}
