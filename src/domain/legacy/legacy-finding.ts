/** What a finding's id is of. */
export type LegacyFindingSubject = 'row' | 'link' | 'account' | 'index';

interface FindingKind {
  readonly about: LegacyFindingSubject;
  /** Whether somebody has to do something; otherwise it is good to know. */
  readonly isWrong: boolean;
}

/** What may be found where the two worlds are compared, those that are wrong first. */
export const LEGACY_FINDINGS = {
  /** A row of the legacy service has an owner, and nothing tells by what. */
  'owner-unexplained': { about: 'row', isWrong: true },
  /** The owner that a row was given is not its owner any more. */
  'owner-changed': { about: 'row', isWrong: true },
  /** A row has its owner by a link that has ended. */
  'link-ended': { about: 'row', isWrong: true },
  /** A row does not say the identifier any more by which it has its owner. */
  'identifier-changed': { about: 'row', isWrong: true },
  /** A row says an identifier of one account, and is another's. */
  'rival-owner': { about: 'row', isWrong: true },
  /** A row says the identifier of an account, and is nobody's. */
  'owner-missing': { about: 'row', isWrong: true },
  /** A link is to a vendor that belongs to another tenant than its account. */
  'vendor-moved': { about: 'link', isWrong: true },
  /** The index is complete, and yet a row is not in it that is older than the moment it takes to be. */
  'not-indexed': { about: 'row', isWrong: true },
  /** What the index says of a row is not what the row says: it was edited. */
  'index-outdated': { about: 'row', isWrong: false },
  /** The index is still being built. */
  'index-incomplete': { about: 'index', isWrong: false },
  /** A row says the identifier of an account, and is nobody's, since the identifier leads to several people. */
  'owner-doubtful': { about: 'row', isWrong: false },
  /** An identifier leads to several people; one of its rows stands for it. */
  'identifier-shared': { about: 'row', isWrong: false },
  /** A row that had been given its owner is gone. */
  'row-gone': { about: 'row', isWrong: false },
  /** A row says nothing that stands for anybody. */
  'nobody-named': { about: 'row', isWrong: false },
  /** No row has its owner by the link. */
  'link-without-rows': { about: 'link', isWrong: false },
  /** A claim that nobody has decided on. */
  'claim-open': { about: 'link', isWrong: false },
  /** An identifier that came with an import, and that nobody has claimed. */
  'candidate-unclaimed': { about: 'link', isWrong: false },
  /** A patient who was imported, and to whom no identifier is linked. */
  'never-linked': { about: 'account', isWrong: false },
} as const satisfies Record<string, FindingKind>;

/** One of these. */
export type LegacyFindingKind = keyof typeof LEGACY_FINDINGS;

/** Something that is wrong between the two worlds, or good to know. */
export interface LegacyFinding {
  readonly kind: LegacyFindingKind;
  /** Of the row, the link or the account; `null` of the index. */
  readonly id: string | null;
}
