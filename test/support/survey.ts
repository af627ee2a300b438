import type {
  ColumnFacts,
  IdentifierFacts,
  LegacyFacts,
  RequestFacts,
  SessionFacts,
  TableFacts,
} from '../../src/adapters/postgres/legacy-survey/legacy-facts.ts';

const column = (name: string, type: string, more: Partial<ColumnFacts> = {}): ColumnFacts => ({
  name,
  type,
  nullable: true,
  hasDefault: more.default !== undefined,
  default: null,
  generated: false,
  ...more,
});

const table = (
  name: TableFacts['name'],
  columns: readonly ColumnFacts[],
  uniqueKeys: TableFacts['uniqueKeys'],
): TableFacts => ({
  name,
  kind: 'r',
  bytes: 8192,
  estimatedRows: 10,
  columns,
  uniqueKeys,
  triggers: [],
  rules: [],
  rowSecurity: false,
  parents: [],
  children: [],
  views: [],
  publications: [],
  constraints: [],
  mayRead: true,
  mayAlter: true,
});

/** `rn_requests` in its usual shape. */
export const requestsTable = table(
  'rn_requests',
  [
    column('uuid', 'uuid', { nullable: false, default: 'gen_random_uuid()' }),
    ...['user_id', 'user_identifier', 'user_crypt', 'vendor_id', 'language', 'question'].map((name) =>
      column(name, 'text'),
    ),
    column('status', 'text', { default: "'new'::text" }),
    column('created_at', 'timestamp with time zone', { nullable: false, default: 'now()' }),
  ],
  [['uuid']],
);

/** `nest_sessions` as connect-pg-simple makes it. */
export const sessionsTable = table(
  'nest_sessions',
  [
    column('sid', 'character varying', { nullable: false }),
    column('sess', 'json', { nullable: false }),
    column('expire', 'timestamp(6) without time zone', { nullable: false }),
  ],
  [['sid']],
);

/** Identifiers of which nothing is to be said. */
export const noIdentifiers: IdentifierFacts = {
  rows: 0,
  asNormal: 0,
  padded: 0,
  upperCase: 0,
  separated: 0,
  otherwise: 0,
  placeholders: 0,
  distinct: 0,
  inSeveralRows: 0,
  writtenInSeveralWays: 0,
  ofSeveralUserIds: 0,
  atSeveralVendors: 0,
};

const filling = { nulls: 3, blanks: 2, padded: 1 };

/** Requests with the quirks that Casegate handles. */
export const usualRequests: RequestFacts = {
  rows: 100,
  isWhole: true,
  userId: filling,
  userIdentifier: filling,
  vendorId: filling,
  identifiers: {
    legacy_user_id: noIdentifiers,
    national_id: {
      ...noIdentifiers,
      rows: 80,
      separated: 20,
      placeholders: 2,
      distinct: 50,
      writtenInSeveralWays: 9,
      atSeveralVendors: 4,
    },
    phone: noIdentifiers,
    email: noIdentifiers,
  },
  withoutNormalForm: 12,
  userIds: { distinct: 40, inSeveralRows: 20, placeholders: 3, ofSeveralNationalIds: 0 },
  vendors: [
    { vendorId: 'north', rows: 80, spellings: 3, isListed: false },
    { vendorId: null, rows: 20, spellings: 0, isListed: false },
  ],
  personalVendors: 0,
};

/** Sessions of a legacy service in UTC. */
export const usualSessions: SessionFacts = {
  rows: 10,
  isWhole: true,
  unreadable: 0,
  withoutExpiry: 1,
  offsets: [{ minutes: 0, sessions: 9 }],
  movedOn: 0,
  timeZones: ['UTC', 'Africa/Abidjan'],
  countedIn: 'UTC',
  live: 5,
  dead: 5,
  deadByOne: 1,
  signedIn: 8,
  places: [{ pointer: '/passport/user/id', sessions: 8, userIds: 8, identifiers: 0 }],
  configured: null,
};

/** A survey without any surprise, but for what is told. */
export const aSurvey = (more: Partial<LegacyFacts> = {}): LegacyFacts => ({
  server: {
    version: '18.4',
    encoding: 'UTF8',
    timeZone: 'UTC',
    isStandby: false,
    isReadOnly: false,
    maxConnections: 100,
    connections: 5,
    settings: { lock_timeout: '0' },
    timeZonesByRole: {},
    eventTriggers: [],
  },
  role: {
    name: 'owner',
    isSuperuser: false,
    mayCreateTables: true,
    mayCreateSchemas: true,
    seesOthers: true,
  },
  tables: [requestsTable, sessionsTable],
  elsewhere: [],
  transactions: [],
  prepared: [],
  requests: usualRequests,
  sessionStore: 'connect-pg-simple',
  sessions: usualSessions,
  checks: { rows: 7, isWhole: true },
  ...more,
});
