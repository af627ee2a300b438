import type { LegacyFindingKind } from '../../domain/legacy/legacy-finding.ts';

interface Words {
  /** What was found; how many of it stands before. */
  readonly found: string;
  /** What to do about it. */
  readonly advice: string;
}

/** What each finding says to an operator. */
export const LEGACY_FINDING_WORDS: Readonly<Record<LegacyFindingKind, Words>> = {
  'owner-unexplained': {
    found: 'rows have an owner that no link gave them',
    advice: 'somebody else wrote user_uuid; find out who, and empty it there or link the identifier',
  },
  'owner-changed': {
    found: 'rows have not the owner any more that a link gave them',
    advice: 'somebody else wrote user_uuid; unlink and link the identifier again',
  },
  'link-ended': {
    found: 'rows have their owner by a link that has ended',
    advice: 'should never be; keep the report, and tell the makers',
  },
  'identifier-changed': {
    found: 'rows do not say the identifier any more by which they have their owner',
    advice: 'the legacy service has edited them; let an admin look, and unlink where they are not his',
  },
  'rival-owner': {
    found: 'rows say an identifier of one account and belong to another',
    advice: 'let an admin look which of the two it is, and unlink the other',
  },
  'owner-missing': {
    found: 'rows say a linked identifier and belong to nobody',
    advice: 'run "casegate legacy backfill --apply"',
  },
  'vendor-moved': {
    found: 'links are to vendors that belong to another tenant by now',
    advice: 'VENDORS was changed; change it back, or unlink and link them in the other tenant',
  },
  'not-indexed': {
    found: 'rows are not in the index, though it is complete',
    advice: 'start the service, which takes them up within a minute, and run this again',
  },
  'index-outdated': {
    found: 'rows were edited since they were indexed',
    advice: 'nothing: the service compares all rows once an hour while it runs',
  },
  'index-incomplete': {
    found: 'the index is still being built',
    advice: 'start the service, which builds it, and run this again',
  },
  'owner-doubtful': {
    found: 'rows say a linked identifier that leads to several people, and belong to nobody',
    advice: 'let an admin look whose they are; his approval of the link lets backfill take them',
  },
  'identifier-shared': {
    found: 'identifiers lead to several people; one row of each is named',
    advice: 'nothing: who claims one waits for an admin',
  },
  'row-gone': {
    found: 'rows that had been given their owner are gone',
    advice: 'nothing, if the legacy service deletes rows',
  },
  'nobody-named': {
    found: 'rows say no identifier that stands for anybody',
    advice: 'nothing: they can be linked to nobody',
  },
  'link-without-rows': {
    found: 'links own no row',
    advice:
      'nothing: the legacy service has no request of theirs, or they belong to another link of the account',
  },
  'claim-open': {
    found: 'claims are open',
    advice: 'let an admin decide on those that wait for one',
  },
  'candidate-unclaimed': {
    found: 'identifiers came with an import and were never claimed',
    advice: 'nothing, or link them with "casegate legacy link"',
  },
  'never-linked': {
    found: 'imported patients have no linked identifier',
    advice: 'nothing: they may link their own, or "casegate legacy link" does',
  },
};
