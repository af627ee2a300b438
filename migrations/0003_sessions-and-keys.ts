import { ownTables } from './own-tables.ts';

const CREATE = `
CREATE TABLE sessions (
  uuid            uuid NOT NULL,
  tenant_uuid     uuid NOT NULL,
  user_uuid       uuid NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  last_used_at    timestamptz NOT NULL,
  idle_expires_at timestamptz NOT NULL,
  idle_seconds    integer NOT NULL,
  expires_at      timestamptz NOT NULL,
  ended_at        timestamptz,
  end_reason      text,
  amr             text[] NOT NULL,
  auth_time       timestamptz NOT NULL,
  user_agent      text,
  address         text,
  CONSTRAINT sessions_pkey PRIMARY KEY (uuid),
  CONSTRAINT sessions_user_fkey FOREIGN KEY (tenant_uuid, user_uuid) REFERENCES users (tenant_uuid, uuid),
  CONSTRAINT sessions_end_check CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX sessions_live_user_idx ON sessions (user_uuid, created_at DESC, uuid DESC) WHERE ended_at IS NULL;
CREATE INDEX sessions_ended_at_idx ON sessions (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE refresh_tokens (
  token_hash   bytea NOT NULL,
  session_uuid uuid NOT NULL,
  issued_at    timestamptz NOT NULL,
  rotated_at   timestamptz,
  CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
  CONSTRAINT refresh_tokens_session_fkey FOREIGN KEY (session_uuid) REFERENCES sessions (uuid) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_session_idx ON refresh_tokens (session_uuid);

-- last_failed_at is only written: a purge of counters that nobody has touched for long will go by it.
CREATE TABLE failure_counters (
  key            bytea NOT NULL,
  failures       integer NOT NULL,
  locked_until   timestamptz,
  last_failed_at timestamptz NOT NULL,
  CONSTRAINT failure_counters_pkey PRIMARY KEY (key)
);

CREATE TABLE signing_keys (
  kid                text NOT NULL,
  alg                text NOT NULL,
  public_key         jsonb NOT NULL,
  sealed_private_key bytea NOT NULL,
  created_at         timestamptz(3) NOT NULL,
  accepted_until     timestamptz,
  CONSTRAINT signing_keys_pkey PRIMARY KEY (kid)
);

CREATE TABLE data_keys (
  uuid        uuid NOT NULL,
  tenant_uuid uuid NOT NULL,
  wrapped_key bytea NOT NULL,
  created_at  timestamptz(3) NOT NULL,
  retired_at  timestamptz,
  CONSTRAINT data_keys_pkey PRIMARY KEY (uuid),
  CONSTRAINT data_keys_tenant_uuid_key UNIQUE (tenant_uuid, uuid),
  CONSTRAINT data_keys_tenant_fkey FOREIGN KEY (tenant_uuid) REFERENCES tenants (uuid)
);
CREATE UNIQUE INDEX data_keys_current_key ON data_keys (tenant_uuid) WHERE retired_at IS NULL;

CREATE TABLE installation (
  singleton        boolean NOT NULL DEFAULT true,
  master_key_check bytea,
  audit_key_check  bytea,
  anonymous_cases  boolean NOT NULL,
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT installation_pkey PRIMARY KEY (singleton),
  CONSTRAINT installation_singleton_check CHECK (singleton)
);
`;

/** Sign-ins, and the keys of the installation. */
export const sessionsAndKeys = ownTables({
  tables: {
    sessions: 'sign-ins, one a device',
    refresh_tokens: 'hashes of refresh tokens',
    failure_counters: 'failures in a row, by keyed hash of tenant and address',
    signing_keys: 'keys that sign access tokens, encrypted under the master key',
    data_keys: 'keys that encrypt texts, one a tenant, wrapped by the master key',
    installation: 'one row: which keys open this database, and whether anonymous cases are allowed',
  },
  create: CREATE,
});
