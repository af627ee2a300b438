import type { LegacyIdentifierKind } from '../../../domain/legacy/legacy-identifier.ts';

/** The tables that the legacy service owns. */
export const LEGACY_TABLES = ['rn_requests', 'nest_sessions', 'check_user_log'] as const;
/** One of these. */
export type LegacyTableName = (typeof LEGACY_TABLES)[number];

/** One column, as the catalog has it. */
export interface ColumnFacts {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  /** The expression, without the texts in it; `null` where there is none, or the table was locked. */
  readonly default: string | null;
  /** Whether the database fills it whatever is written: an identity column or a generated one. */
  readonly generated: boolean;
}

/** One table of the legacy service, as the catalog has it. */
export interface TableFacts {
  readonly name: LegacyTableName;
  /** `pg_class.relkind`: `r` is an ordinary table. */
  readonly kind: string;
  /** With its indexes; `null` where somebody held it. */
  readonly bytes: number | null;
  /** As the server estimates it; `null` where it never looked. */
  readonly estimatedRows: number | null;
  readonly columns: readonly ColumnFacts[];
  /** Columns of each unique index that holds for every row, in their order, by name. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Names, with the event for which they fire and whether they are on. */
  readonly triggers: readonly string[];
  readonly rules: readonly string[];
  /** Whether rows are hidden from some roles. */
  readonly rowSecurity: boolean;
  /** Whether it is a partition, or inherits from another table. */
  readonly parents: readonly string[];
  readonly children: readonly string[];
  readonly views: readonly string[];
  readonly publications: readonly string[];
  /** Definitions of checks, and of foreign keys to and from it, by name. */
  readonly constraints: readonly string[];
  /** Whether the role may read it. */
  readonly mayRead: boolean;
  /** Whether the role may change its definition, as its owner does. */
  readonly mayAlter: boolean;
}

/** What the server says of itself. */
export interface ServerSettings {
  /** Such as `18.4`. */
  readonly version: string;
  readonly encoding: string;
  /** What sessions of the role are in unless they say otherwise. */
  readonly timeZone: string;
  /** Whether it only follows another server. */
  readonly isStandby: boolean;
  /** Whether transactions are read-only unless they say otherwise. */
  readonly isReadOnly: boolean;
  readonly maxConnections: number;
  readonly connections: number;
  /** Limits and switches that matter beside a legacy service, as `SHOW` writes them, by name. */
  readonly settings: Readonly<Record<string, string>>;
  /** Time zones that were set for a role or a database, by whom they are for. */
  readonly timeZonesByRole: Readonly<Record<string, string>>;
  readonly eventTriggers: readonly string[];
}

/** What the role that the survey connects with may do. */
export interface RoleFacts {
  readonly name: string;
  readonly isSuperuser: boolean;
  /** Whether it may make tables in schema `public`. */
  readonly mayCreateTables: boolean;
  /** Whether it may make schemas in the database. */
  readonly mayCreateSchemas: boolean;
  /** Whether it sees what the sessions of other roles do. */
  readonly seesOthers: boolean;
}

/** Somebody's transaction that is open. */
export interface OpenTransaction {
  readonly pid: number;
  readonly application: string;
  readonly role: string | null;
  /** Such as `idle in transaction`. */
  readonly state: string;
  readonly seconds: number;
  /** Its locks on the legacy service's tables, such as `RowExclusiveLock on rn_requests`. */
  readonly locks: readonly string[];
  /** Locks on them that it waits for. */
  readonly waitsFor: readonly string[];
}

/** A transaction that was prepared, and stays until somebody ends it by its name. */
export interface PreparedTransaction {
  readonly name: string;
  readonly owner: string;
  readonly seconds: number;
}

/** How a column of texts is filled. */
export interface Filling {
  readonly nulls: number;
  /** Empty, or of nothing but blanks. */
  readonly blanks: number;
  /** With blanks before or after what counts. */
  readonly padded: number;
}

/** How identifiers of one kind are written, and whose they are. */
export interface IdentifierFacts {
  readonly rows: number;
  /** Rows by how they differ from the normal form. */
  readonly asNormal: number;
  readonly padded: number;
  readonly upperCase: number;
  readonly separated: number;
  /** Written otherwise still: leading zeros lost, a phone number without its country. */
  readonly otherwise: number;
  /** Rows that stand for nobody. */
  readonly placeholders: number;
  /** Different ones, by vendor and normal form; placeholders are not among these. */
  readonly distinct: number;
  readonly inSeveralRows: number;
  readonly writtenInSeveralWays: number;
  readonly ofSeveralUserIds: number;
  readonly atSeveralVendors: number;
}

/** The rows of one vendor. */
export interface VendorFacts {
  /** In its normal form; `null` for rows that name none. */
  readonly vendorId: string | null;
  readonly rows: number;
  /** In how many ways it is written. */
  readonly spellings: number;
  readonly isListed: boolean;
}

/** What the rows of `rn_requests` say. */
export interface RequestFacts {
  /** Rows that were looked at. */
  readonly rows: number;
  /** Whether these are all. */
  readonly isWhole: boolean;
  readonly userId: Filling;
  readonly userIdentifier: Filling;
  readonly vendorId: Filling;
  readonly identifiers: Readonly<Record<LegacyIdentifierKind, IdentifierFacts>>;
  /** Rows with an identifier that is of no kind: a wrong check digit, a word. */
  readonly withoutNormalForm: number;
  readonly userIds: {
    /** Different ones, by vendor; placeholders are not among these. */
    readonly distinct: number;
    readonly inSeveralRows: number;
    readonly placeholders: number;
    /** User ids under which several national ids stand, which one person does not have. */
    readonly ofSeveralNationalIds: number;
  };
  readonly vendors: readonly VendorFacts[];
  /** Rows whose vendor looks like somebody's identifier; these are not among the vendors. */
  readonly personalVendors: number;
}

/** A place in the JSON of sessions. */
export interface SubjectPlace {
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
  readonly sessions: number;
  /** Sessions whose value there is the user id of a request. */
  readonly userIds: number;
  /** Sessions whose value there is the identifier of a request. */
  readonly identifiers: number;
}

/** How many sessions were written so many minutes ahead of UTC. */
export interface SessionOffset {
  readonly minutes: number;
  readonly sessions: number;
}

/** What the rows of the session store say. */
export interface SessionFacts {
  readonly rows: number;
  readonly isWhole: boolean;
  /** Sessions whose JSON cannot be read. */
  readonly unreadable: number;
  /** Sessions whose cookie names no instant as its expiry: none of them is live. */
  readonly withoutExpiry: number;
  /** How far `expire` is ahead of the cookie's own expiry, where that is a whole quarter of an hour; the most frequent first. */
  readonly offsets: readonly SessionOffset[];
  /** Sessions whose `expire` tells nothing of a time zone: it was moved on after the cookie was written. */
  readonly movedOn: number;
  /** Time zones that explain every offset; empty where none does, or nothing is known. */
  readonly timeZones: readonly string[];
  /** The zone by which these were counted; `null` where none is known. */
  readonly countedIn: string | null;
  readonly live: number;
  readonly dead: number;
  /** Sessions that are dead by one of their two expiries only. */
  readonly deadByOne: number;
  readonly signedIn: number;
  readonly places: readonly SubjectPlace[];
  /** What was found where `LEGACY_SESSION_SUBJECT` points; `null` where it is not set. */
  readonly configured: {
    readonly pointer: string;
    readonly sessions: number;
    readonly usable: number;
  } | null;
}

/** The shape of the session store. */
export type SessionStoreShape = 'none' | 'connect-pg-simple' | 'connect-typeorm' | 'unknown';

/** The rows of a table that could not be read, and why. */
export interface Unread {
  readonly unread: 'no right' | 'locked' | 'too slow';
}

/** All that a survey of the legacy service's database has found. Nothing personal is in it. */
export interface LegacyFacts {
  readonly server: ServerSettings;
  readonly role: RoleFacts;
  readonly tables: readonly TableFacts[];
  /** Tables of the same names in other schemas, with their schema. */
  readonly elsewhere: readonly string[];
  readonly transactions: readonly OpenTransaction[];
  readonly prepared: readonly PreparedTransaction[];
  /** `null` where there is no such table. */
  readonly requests: RequestFacts | Unread | null;
  readonly sessionStore: SessionStoreShape;
  /** `null` where there is no such table, or its shape is not known. */
  readonly sessions: SessionFacts | Unread | null;
  /** Rows of `check_user_log`; `null` where there is no such table. */
  readonly checks: { readonly rows: number; readonly isWhole: boolean } | Unread | null;
}
