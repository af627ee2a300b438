import { expect } from 'chai';
import type {
  ColumnFacts,
  LegacyFacts,
  OpenTransaction,
  TableFacts,
} from '../../../../src/adapters/postgres/legacy-survey/legacy-facts.ts';
import { surprisesOf, type MigrationFacts } from '../../../../src/main/inspection/inspection.ts';
import {
  aSurvey,
  noIdentifiers,
  requestsTable,
  sessionsTable,
  usualRequests,
  usualSessions,
} from '../../../support/survey.ts';

const PENDING: MigrationFacts = { applied: 0, pending: 14, refusal: null };

const codes = (facts: LegacyFacts, timeZone: string | null = null, migrations = PENDING): readonly string[] =>
  surprisesOf(facts, migrations, timeZone).map(({ code }) => code);

const withRequests = (more: Partial<TableFacts>): LegacyFacts =>
  aSurvey({ tables: [{ ...requestsTable, ...more }, sessionsTable] });

const withColumn = (name: string, more: Partial<ColumnFacts>): LegacyFacts =>
  withRequests({
    columns: requestsTable.columns.map((column) => (column.name === name ? { ...column, ...more } : column)),
  });

const withServer = (more: Partial<LegacyFacts['server']>): LegacyFacts =>
  aSurvey({ server: { ...aSurvey().server, ...more } });

const withSessions = (more: Partial<typeof usualSessions>): LegacyFacts =>
  aSurvey({ sessions: { ...usualSessions, ...more } });

const OPEN: OpenTransaction = {
  pid: 7,
  application: 'report',
  role: 'legacy',
  state: 'idle in transaction',
  seconds: 5,
  locks: ['AccessShareLock on rn_requests'],
  waitsFor: [],
};

const extra: ColumnFacts = {
  name: 'clinic',
  type: 'text',
  nullable: false,
  hasDefault: false,
  default: null,
  generated: false,
};

const SURPRISES: Readonly<Record<string, LegacyFacts>> = {
  'not-an-ordinary-table': withRequests({ kind: 'p' }),
  inheritance: withRequests({ children: ['old_requests'] }),
  'row-security': withRequests({ rowSecurity: true }),
  'column-missing': withRequests({
    columns: requestsTable.columns.filter(({ name }) => name !== 'user_identifier'),
  }),
  'column-unusable': withColumn('user_identifier', { type: 'jsonb' }),
  'uuid-not-a-key': withRequests({ uniqueKeys: [['uuid', 'vendor_id']] }),
  'required-columns': withRequests({ columns: [...requestsTable.columns, extra] }),
  triggers: withRequests({ triggers: ['notify_partner'] }),
  replicated: withRequests({ publications: ['warehouse'] }),
  'another-schema': aSurvey({
    tables: [],
    elsewhere: ['legacy.rn_requests'],
    requests: null,
    sessions: null,
    sessionStore: 'none',
  }),
  unread: aSurvey({ requests: { unread: 'locked' } }),
  'several-user-ids': aSurvey({
    requests: {
      ...usualRequests,
      identifiers: {
        ...usualRequests.identifiers,
        phone: { ...noIdentifiers, rows: 3, ofSeveralUserIds: 1 },
      },
    },
  }),
  'shared-user-ids': aSurvey({
    requests: { ...usualRequests, userIds: { ...usualRequests.userIds, ofSeveralNationalIds: 2 } },
  }),
  'unknown-identifiers': aSurvey({ requests: { ...usualRequests, withoutNormalForm: 81 } }),
  'session-store-unknown': aSurvey({ sessionStore: 'connect-typeorm', sessions: null }),
  'session-time-zone-unknown': withSessions({ timeZones: [], offsets: [] }),
  'session-subject-wrong': withSessions({ configured: { pointer: '/user', sessions: 0, usable: 0 } }),
  'sessions-unreadable': withSessions({ unreadable: 9 }),
  encoding: withServer({ encoding: 'SQL_ASCII' }),
  standby: withServer({ isStandby: true }),
  'read-only': withServer({ isReadOnly: true }),
  'few-connections': withServer({ connections: 95 }),
  rights: aSurvey({ role: { ...aSurvey().role, mayCreateSchemas: false } }),
  'long-transactions': aSurvey({ transactions: [{ ...OPEN, seconds: 12 }] }),
  'prepared-transactions': aSurvey({ prepared: [{ name: 'left', owner: 'legacy', seconds: 1 }] }),
};

describe('Surprises of an inspection', () => {
  it('are none where the legacy service only writes blanks, dashes, placeholders and several spellings', () => {
    expect(codes(aSurvey())).to.deep.equal([]);
  });

  it('are none where there is no legacy table yet', () => {
    const nothing = {
      tables: [],
      requests: null,
      sessions: null,
      sessionStore: 'none',
      checks: null,
    } as const;
    expect(codes(aSurvey(nothing))).to.deep.equal([]);
  });

  for (const [code, facts] of Object.entries(SURPRISES)) {
    it(`tell of ${code}, and what to do`, () => {
      const surprises = surprisesOf(facts, PENDING, null);
      expect(surprises.map((surprise) => surprise.code)).to.deep.equal([code]);
      for (const { found, todo } of surprises) {
        expect(found).to.match(/^\S.*\.$/);
        expect(todo).to.match(/^\S.*\.$/);
      }
    });
  }

  it('tell what the migration would refuse', () => {
    const refused = { ...PENDING, refusal: 'There is a table "users".' };
    expect(codes(aSurvey(), null, refused)).to.deep.equal(['migration-refused']);
  });

  it('tell of a time zone that is set wrong, and of none that fits under another name', () => {
    expect(codes(aSurvey(), 'Asia/Jerusalem')).to.deep.equal(['session-time-zone-wrong']);
    expect(codes(aSurvey(), 'Etc/UTC')).to.deep.equal([]);
  });

  it('need no time zone where expire names its own', () => {
    const expire = { ...sessionsTable.columns[2]!, type: 'timestamp with time zone' };
    const table = { ...sessionsTable, columns: [...sessionsTable.columns.slice(0, 2), expire] };
    const sessions = { ...usualSessions, timeZones: [], offsets: [] };
    expect(codes(aSurvey({ tables: [requestsTable, table], sessions }))).to.deep.equal([]);
  });

  it('leave missing optional columns, defaults, generated columns and triggers that are off alone', () => {
    const columns = [
      ...requestsTable.columns.filter(
        ({ name }) => !['language', 'question', 'status', 'created_at'].includes(name),
      ),
      { ...extra, hasDefault: true },
      { ...extra, name: 'number', generated: true },
    ];
    expect(codes(withRequests({ columns, triggers: ['old (off)'] }))).to.deep.equal([]);
  });

  it('leave short transactions alone, and rights that are not needed any more', () => {
    expect(codes(aSurvey({ transactions: [OPEN] }))).to.deep.equal([]);
    expect(codes(SURPRISES['rights']!, null, { applied: 14, pending: 0, refusal: null })).to.deep.equal([]);
  });

  it('tell of any transaction of a minute, and of one that waits for a legacy table', () => {
    const found = [
      { ...OPEN, locks: [], seconds: 61 },
      { ...OPEN, locks: [], waitsFor: ['AccessExclusiveLock on rn_requests'] },
    ];
    for (const transaction of found) {
      expect(codes(aSurvey({ transactions: [transaction] }))).to.deep.equal(['long-transactions']);
    }
  });
});
