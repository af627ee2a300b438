import { TIMESTAMP } from '../../adapters/postgres/legacy/legacy-shape.ts';
import type { LegacyTableName, TableFacts } from '../../adapters/postgres/legacy-survey/legacy-facts.ts';

/** What a column of the legacy service is to Casegate. */
export type ColumnUse = 'used' | 'missing' | 'unusable' | 'left alone';

interface KnownColumn {
  readonly name: string;
  readonly fits: RegExp;
  /** Whether Casegate lacks something that matters without it. */
  readonly isNeeded: boolean;
  /** What it is to Casegate. */
  readonly what: string;
}

/** Which column of a table can be used, and why not. */
export interface UsableColumn {
  readonly name: string;
  /** As it is in the database; `null` where it is missing. */
  readonly type: string | null;
  readonly use: ColumnUse;
  readonly isNeeded: boolean;
  readonly what: string;
}

/** Everything that has one way to be written; what is none of these is read as text. */
const TEXT = /^(?!(?:jsonb?|bytea|xml|boolean|date|time|timestamp|interval|real|double)\b)(?!.*\[\]$)/;

const needed = (name: string, fits: RegExp, what: string): KnownColumn => ({
  name,
  fits,
  what,
  isNeeded: true,
});
const optional = (name: string, fits: RegExp, what: string): KnownColumn => ({
  name,
  fits,
  what,
  isNeeded: false,
});

/** The columns of the legacy service that Casegate reads or fills where they are there. */
const KNOWN: Readonly<Record<LegacyTableName, readonly KnownColumn[]>> = {
  rn_requests: [
    needed('uuid', /^uuid$/, 'by which Casegate knows a case'),
    needed('user_id', TEXT, "the legacy service's id of the person"),
    needed('user_identifier', TEXT, 'national id, phone or e-mail of the person'),
    optional('user_crypt', TEXT, 'kept as it is'),
    needed('vendor_id', TEXT, 'which tenant a request belongs to'),
    optional('language', TEXT, 'the language of a request'),
    optional('question', TEXT, 'what was asked'),
    optional('status', TEXT, 'shown as legacyStatus'),
    optional('created_at', TIMESTAMP, 'the order of requests, and how new ones are found'),
  ],
  nest_sessions: [
    needed('sid', TEXT, 'the id in the cookie'),
    needed('sess', /^(?:jsonb?|text)$/, 'what the session says'),
    needed('expire', TIMESTAMP, 'until when it lives'),
  ],
  check_user_log: [],
};

/** Each column that Casegate knows, and each that it leaves alone. */
export function usableColumns({ columns, name }: TableFacts): readonly UsableColumn[] {
  const known = KNOWN[name].map(({ fits, ...column }): UsableColumn => {
    const type = columns.find((theirs) => theirs.name === column.name)?.type ?? null;
    const use = type === null ? 'missing' : fits.test(type) ? 'used' : 'unusable';
    return { ...column, type, use };
  });
  const names = new Set(known.map((column) => column.name));
  const others = columns
    .filter((column) => !names.has(column.name))
    .map((column): UsableColumn => ({
      name: column.name,
      type: column.type,
      use: 'left alone',
      isNeeded: false,
      what: name === 'rn_requests' && column.name === 'user_uuid' ? "Casegate's own" : '',
    }));
  return [...known, ...others];
}
