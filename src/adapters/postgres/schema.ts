import type { ColumnType, Generated } from 'kysely';
import type { AuthenticationMethod, SessionEnd } from '../../domain/access/session.ts';
import type { AuditActor, AuditDetails } from '../../domain/audit/audit-entry.ts';
import type {
  CaseAuthorRole,
  CaseEvent,
  CaseMessageKind,
  CasePriority,
  CaseState,
} from '../../domain/cases/case.ts';
import type { Role } from '../../domain/identity/user.ts';
import type { TenantPasswordPolicy, TenantQuotas } from '../../domain/tenancy/tenant.ts';

/** A `jsonb` column: read as a value, written as a value or as its JSON text. */
type Json<T> = ColumnType<T, T | string, T | string>;
/** A `bytea` column. */
type Bytes = Uint8Array;

interface TenantsTable {
  readonly uuid: string;
  readonly slug: string;
  readonly name: string;
  readonly private_pool: string | null;
  readonly allow_overflow: Generated<boolean>;
  readonly quotas: Json<TenantQuotas>;
  readonly password_policy: Json<TenantPasswordPolicy>;
  readonly mfa_required: Generated<boolean>;
  readonly created_at: Date;
  readonly version: Generated<number>;
}

interface UsersTable {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly email: string;
  readonly password_hash: string | null;
  readonly role: Role;
  readonly is_active: Generated<boolean>;
  readonly email_verified_at: Date | null;
  readonly language: string;
  readonly request_count: Generated<number>;
  readonly token_epoch: Generated<number>;
  /** When `token_epoch` last changed; `null` where it never did. */
  readonly epoch_changed_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: Generated<number>;
}

interface PhysiciansTable {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly user_uuid: string;
  readonly language_preference: string;
  readonly languages: readonly string[];
  readonly private_pool: string | null;
  readonly vacation_mode: Generated<boolean>;
  readonly max_open_cases: Generated<number>;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: Generated<number>;
}

interface SessionsTable {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly user_uuid: string;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly idle_expires_at: Date;
  readonly idle_seconds: number;
  readonly expires_at: Date;
  readonly ended_at: Date | null;
  readonly end_reason: SessionEnd | null;
  readonly amr: readonly AuthenticationMethod[];
  readonly auth_time: Date;
  readonly user_agent: string | null;
  readonly address: string | null;
}

interface RefreshTokensTable {
  readonly token_hash: Bytes;
  readonly session_uuid: string;
  readonly issued_at: Date;
  readonly rotated_at: Date | null;
}

interface FailureCountersTable {
  readonly key: Bytes;
  readonly failures: number;
  readonly locked_until: Date | null;
  readonly last_failed_at: Date;
}

interface SigningKeysTable {
  readonly kid: string;
  readonly alg: string;
  readonly public_key: Json<Readonly<Record<string, unknown>>>;
  readonly sealed_private_key: Bytes;
  readonly created_at: Date;
  readonly accepted_until: Date | null;
}

interface DataKeysTable {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly wrapped_key: Bytes;
  readonly created_at: Date;
  readonly retired_at: Date | null;
}

interface InstallationTable {
  readonly singleton: Generated<boolean>;
  readonly master_key_check: Bytes | null;
  readonly audit_key_check: Bytes | null;
  readonly anonymous_cases: boolean;
  readonly created_at: Generated<Date>;
}

interface AuditEntriesTable {
  readonly uuid: string;
  readonly tenant_uuid: string | null;
  readonly actor_kind: AuditActor['kind'];
  readonly actor_id: string | null;
  readonly action: string;
  readonly subject_type: string | null;
  readonly subject_id: string | null;
  readonly at: Date;
  readonly details: Json<AuditDetails>;
  /** The transaction that wrote the entry (`xid8`, as text). */
  readonly xact: Generated<string>;
}

interface CasesTable {
  /** `rn_requests.uuid` of the row that the legacy service sees. */
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly state: CaseState;
  readonly version: Generated<number>;
  readonly language: string;
  readonly priority: CasePriority;
  readonly specialty: string | null;
  readonly patient_uuid: string | null;
  readonly physician_uuid: string | null;
  readonly pool: string | null;
  readonly vendor_id: string | null;
  readonly flags: ColumnType<readonly string[], readonly string[] | undefined, readonly string[]>;
  readonly due_at: Date;
  readonly created_at: Date;
  readonly updated_at: Date;
}

interface CaseEventsTable {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly case_uuid: string;
  readonly type: CaseEvent['type'];
  readonly from_state: CaseState | null;
  readonly to_state: CaseState;
  readonly version: number;
  readonly actor_uuid: string | null;
  readonly at: Date;
}

interface CaseMessagesTable {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly case_uuid: string;
  readonly kind: CaseMessageKind;
  readonly author_role: CaseAuthorRole;
  readonly author_uuid: string | null;
  readonly key_uuid: string;
  readonly body: Bytes;
  readonly at: Date;
}

interface CaseReceiptsTable {
  readonly receipt_hash: Bytes;
  readonly tenant_uuid: string;
  readonly case_uuid: string;
  readonly expires_at: Date;
  readonly spent_at: Date | null;
}

/** The legacy table as far as it is known: an installation may lack some columns and have others. */
interface RnRequestsTable {
  readonly uuid: Generated<string>;
  readonly user_id: string | null;
  readonly user_identifier: string | null;
  readonly user_crypt: string | null;
  readonly vendor_id: string | null;
  readonly language: string | null;
  readonly question: string | null;
  readonly status: Generated<string | null>;
  readonly created_at: Generated<Date>;
  /** The only column that Casegate added. */
  readonly user_uuid: string | null;
}

/** Every table that Casegate reads or writes, as Kysely sees it. The migrations are what makes them so. */
export interface Schema {
  readonly tenants: TenantsTable;
  readonly users: UsersTable;
  readonly physicians: PhysiciansTable;
  readonly sessions: SessionsTable;
  readonly refresh_tokens: RefreshTokensTable;
  readonly failure_counters: FailureCountersTable;
  readonly signing_keys: SigningKeysTable;
  readonly data_keys: DataKeysTable;
  readonly installation: InstallationTable;
  readonly audit_entries: AuditEntriesTable;
  readonly cases: CasesTable;
  readonly case_events: CaseEventsTable;
  readonly case_messages: CaseMessagesTable;
  readonly case_receipts: CaseReceiptsTable;
  readonly rn_requests: RnRequestsTable;
}
