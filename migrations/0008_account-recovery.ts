import { tableIn, withTable, type Facts } from './facts.ts';
import type { LockMode, Migration, MigrationStep } from './migration.ts';
import { ownTables } from './own-tables.ts';

const USERS = 'users';
const COLUMN = 'registration_pending';

const CREATE = `
CREATE TABLE one_time_tokens (
  user_uuid   uuid NOT NULL,
  purpose     text NOT NULL,
  tenant_uuid uuid NOT NULL,
  token_hash  bytea NOT NULL,
  email       text NOT NULL,
  created_at  timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  CONSTRAINT one_time_tokens_pkey PRIMARY KEY (user_uuid, purpose),
  CONSTRAINT one_time_tokens_hash_key UNIQUE (token_hash),
  CONSTRAINT one_time_tokens_user_fkey FOREIGN KEY (tenant_uuid, user_uuid) REFERENCES users (tenant_uuid, uuid)
);
CREATE INDEX one_time_tokens_expires_at_idx ON one_time_tokens (expires_at);

-- confirmed_at is only written, for whoever has to tell since when an account has had its authenticator app.
CREATE TABLE totp_factors (
  user_uuid        uuid NOT NULL,
  tenant_uuid      uuid NOT NULL,
  secret           bytea,
  key_uuid         uuid,
  confirmed_at     timestamptz,
  last_step        bigint,
  pending_secret   bytea,
  pending_key_uuid uuid,
  pending_since    timestamptz,
  CONSTRAINT totp_factors_pkey PRIMARY KEY (user_uuid),
  CONSTRAINT totp_factors_user_fkey FOREIGN KEY (tenant_uuid, user_uuid) REFERENCES users (tenant_uuid, uuid),
  CONSTRAINT totp_factors_key_fkey FOREIGN KEY (tenant_uuid, key_uuid) REFERENCES data_keys (tenant_uuid, uuid),
  CONSTRAINT totp_factors_pending_key_fkey FOREIGN KEY (tenant_uuid, pending_key_uuid) REFERENCES data_keys (tenant_uuid, uuid),
  CONSTRAINT totp_factors_secret_check CHECK (num_nulls(secret, key_uuid, confirmed_at, last_step) IN (0, 4)),
  CONSTRAINT totp_factors_pending_check CHECK (num_nulls(pending_secret, pending_key_uuid, pending_since) IN (0, 3))
);

-- One row an account: its codes are made and replaced together, so that of two who replace them at once one's codes count.
CREATE TABLE recovery_codes (
  user_uuid   uuid NOT NULL,
  tenant_uuid uuid NOT NULL,
  code_hashes bytea[] NOT NULL,
  CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_uuid),
  CONSTRAINT recovery_codes_user_fkey FOREIGN KEY (tenant_uuid, user_uuid) REFERENCES users (tenant_uuid, uuid)
);

CREATE TABLE passkeys (
  uuid          uuid NOT NULL,
  tenant_uuid   uuid NOT NULL,
  user_uuid     uuid NOT NULL,
  credential_id text NOT NULL,
  public_key    bytea NOT NULL,
  counter       bigint NOT NULL,
  transports    text[] NOT NULL,
  device_type   text NOT NULL,
  name          text NOT NULL,
  created_at    timestamptz(3) NOT NULL,
  last_used_at  timestamptz,
  CONSTRAINT passkeys_pkey PRIMARY KEY (uuid),
  CONSTRAINT passkeys_credential_key UNIQUE (credential_id),
  CONSTRAINT passkeys_user_fkey FOREIGN KEY (tenant_uuid, user_uuid) REFERENCES users (tenant_uuid, uuid),
  CONSTRAINT passkeys_device_type_check CHECK (device_type IN ('single-device', 'multi-device'))
);
CREATE INDEX passkeys_user_created_at_idx ON passkeys (user_uuid, created_at, uuid);

CREATE TABLE sign_in_challenges (
  uuid                 uuid NOT NULL,
  tenant_uuid          uuid NOT NULL,
  user_uuid            uuid NOT NULL,
  amr                  text[] NOT NULL,
  token_epoch          integer NOT NULL,
  password_fingerprint bytea,
  attempts             integer NOT NULL DEFAULT 0,
  created_at           timestamptz NOT NULL,
  expires_at           timestamptz NOT NULL,
  completed_at         timestamptz,
  CONSTRAINT sign_in_challenges_pkey PRIMARY KEY (uuid),
  CONSTRAINT sign_in_challenges_user_fkey FOREIGN KEY (tenant_uuid, user_uuid) REFERENCES users (tenant_uuid, uuid)
);
CREATE INDEX sign_in_challenges_expires_at_idx ON sign_in_challenges (expires_at);

CREATE TABLE passkey_challenges (
  challenge_hash         bytea NOT NULL,
  kind                   text NOT NULL,
  tenant_uuid            uuid,
  user_uuid              uuid,
  sign_in_challenge_uuid uuid,
  expires_at             timestamptz NOT NULL,
  CONSTRAINT passkey_challenges_pkey PRIMARY KEY (challenge_hash),
  CONSTRAINT passkey_challenges_user_fkey FOREIGN KEY (tenant_uuid, user_uuid) REFERENCES users (tenant_uuid, uuid),
  CONSTRAINT passkey_challenges_kind_check CHECK (CASE kind
    WHEN 'registration' THEN num_nulls(tenant_uuid, user_uuid) = 0 AND sign_in_challenge_uuid IS NULL
    WHEN 'authentication' THEN num_nulls(tenant_uuid, user_uuid) = 2
    ELSE false END)
);
CREATE INDEX passkey_challenges_expires_at_idx ON passkey_challenges (expires_at);

CREATE TABLE mfa_resets (
  uuid         uuid NOT NULL,
  tenant_uuid  uuid NOT NULL,
  user_uuid    uuid NOT NULL,
  requested_by uuid,
  reason       bytea NOT NULL,
  key_uuid     uuid NOT NULL,
  requested_at timestamptz NOT NULL,
  due_at       timestamptz NOT NULL,
  cancelled_at timestamptz,
  completed_at timestamptz,
  CONSTRAINT mfa_resets_pkey PRIMARY KEY (uuid),
  CONSTRAINT mfa_resets_user_fkey FOREIGN KEY (tenant_uuid, user_uuid) REFERENCES users (tenant_uuid, uuid),
  CONSTRAINT mfa_resets_key_fkey FOREIGN KEY (tenant_uuid, key_uuid) REFERENCES data_keys (tenant_uuid, uuid),
  CONSTRAINT mfa_resets_end_check CHECK (num_nonnulls(cancelled_at, completed_at) <= 1)
);
CREATE UNIQUE INDEX mfa_resets_waiting_key ON mfa_resets (user_uuid) WHERE cancelled_at IS NULL AND completed_at IS NULL;
CREATE INDEX mfa_resets_waiting_due_at_idx ON mfa_resets (tenant_uuid, due_at) WHERE cancelled_at IS NULL AND completed_at IS NULL;

CREATE TABLE outbox (
  uuid        uuid NOT NULL,
  tenant_uuid uuid NOT NULL,
  topic       text NOT NULL,
  payload     bytea,
  key_uuid    uuid,
  recipient   bytea NOT NULL,
  created_at  timestamptz NOT NULL,
  due_at      timestamptz NOT NULL,
  settled_at  timestamptz,
  outcome     text,
  CONSTRAINT outbox_pkey PRIMARY KEY (uuid),
  CONSTRAINT outbox_tenant_fkey FOREIGN KEY (tenant_uuid) REFERENCES tenants (uuid),
  CONSTRAINT outbox_key_fkey FOREIGN KEY (tenant_uuid, key_uuid) REFERENCES data_keys (tenant_uuid, uuid),
  CONSTRAINT outbox_outcome_check CHECK (outcome IN ('done', 'refused', 'given-up')),
  CONSTRAINT outbox_erased_check CHECK (
    num_nulls(payload, key_uuid) = CASE WHEN settled_at IS NULL THEN 0 ELSE 2 END AND num_nulls(settled_at, outcome) IN (0, 2))
);
CREATE INDEX outbox_recipient_created_at_idx ON outbox (recipient, created_at);
CREATE INDEX outbox_settled_at_idx ON outbox (settled_at) WHERE settled_at IS NOT NULL;
`;

const tables = ownTables({
  tables: {
    one_time_tokens: 'hashes of mailed tokens, one a purpose and account',
    totp_factors: 'secrets of authenticator apps, encrypted',
    recovery_codes: 'hashes of recovery codes that are left',
    passkeys: 'public keys of passkeys',
    sign_in_challenges: 'sign-ins that wait for a second factor',
    passkey_challenges: 'hashes of what browsers are asked to sign',
    mfa_resets: 'resets of second factors by admins, and why, encrypted',
    outbox: 'what is to be done after a unit of work, encrypted until it is',
  },
  create: CREATE,
});

/** Processes of the version before go on using accounts, and foreign keys to a table lock it as well. */
const whileUsed =
  (mode: LockMode) =>
  (step: MigrationStep): MigrationStep => ({ ...step, lock: { mode, table: USERS } });

const alterUsers = (action: string, note?: string): MigrationStep => ({
  sql: `ALTER TABLE ${USERS} ${action};`,
  lock: { mode: 'ACCESS EXCLUSIVE', table: USERS },
  transactional: true,
  ...(note === undefined ? {} : { note }),
});

const ADD_COLUMN = alterUsers(`ADD COLUMN ${COLUMN} boolean NOT NULL DEFAULT false`);
const DROP_COLUMN = alterUsers(
  `DROP COLUMN ${COLUMN}`,
  'Accounts whose registration nobody has confirmed look like all others afterwards.',
);

const hasColumn = (facts: Facts): boolean => tableIn(facts, USERS)?.columns[COLUMN] !== undefined;

/** How people prove their address and more than a password, get back in without it, and are told of it by mail. */
export const accountRecovery: Migration = {
  up: (facts) => [
    ...(hasColumn(facts) ? [] : [ADD_COLUMN]),
    ...tables.up(facts).map(whileUsed('SHARE ROW EXCLUSIVE')),
  ],
  down: (facts) => [
    ...tables.down(facts).map(whileUsed('ACCESS EXCLUSIVE')),
    ...(hasColumn(facts) ? [DROP_COLUMN] : []),
  ],
  after: (facts) => withTable(tables.after(facts), USERS, { columns: { [COLUMN]: 'boolean' } }),
};
