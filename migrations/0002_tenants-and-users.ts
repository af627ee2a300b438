import { ownTables } from './own-tables.ts';

/** The tenant that every installation has: the practice itself. */
const DEFAULT_TENANT = `('00000000-0000-7000-8000-000000000001', 'default', 'Default',
  '{"requestsPerDay": null, "userRequestsPerDay": null}', '{"minLength": 8}', date_trunc('milliseconds', now()))`;

const CREATE = `
CREATE TABLE tenants (
  uuid            uuid NOT NULL,
  slug            text NOT NULL,
  name            text NOT NULL,
  private_pool    text,
  allow_overflow  boolean NOT NULL DEFAULT false,
  quotas          jsonb NOT NULL,
  password_policy jsonb NOT NULL,
  mfa_required    boolean NOT NULL DEFAULT false,
  created_at      timestamptz(3) NOT NULL,
  version         integer NOT NULL DEFAULT 1,
  CONSTRAINT tenants_pkey PRIMARY KEY (uuid),
  CONSTRAINT tenants_slug_key UNIQUE (slug)
);
CREATE INDEX tenants_created_at_idx ON tenants (created_at DESC, uuid DESC);
INSERT INTO tenants (uuid, slug, name, quotas, password_policy, created_at)
VALUES ${DEFAULT_TENANT};

CREATE TABLE users (
  uuid              uuid NOT NULL,
  tenant_uuid       uuid NOT NULL,
  email             text NOT NULL,
  password_hash     text,
  role              text NOT NULL,
  is_active         boolean NOT NULL DEFAULT true,
  email_verified_at timestamptz,
  language          text NOT NULL,
  request_count     bigint NOT NULL DEFAULT 0,
  token_epoch       integer NOT NULL DEFAULT 1,
  epoch_changed_at  timestamptz,
  created_at        timestamptz(3) NOT NULL,
  updated_at        timestamptz NOT NULL,
  version           integer NOT NULL DEFAULT 1,
  CONSTRAINT users_pkey PRIMARY KEY (uuid),
  CONSTRAINT users_tenant_uuid_key UNIQUE (tenant_uuid, uuid),
  CONSTRAINT users_tenant_uuid_fkey FOREIGN KEY (tenant_uuid) REFERENCES tenants (uuid),
  CONSTRAINT users_role_check CHECK (role IN ('patient', 'physician', 'admin'))
);
CREATE UNIQUE INDEX users_tenant_email_key ON users (tenant_uuid, lower(email));
CREATE INDEX users_tenant_created_at_idx ON users (tenant_uuid, created_at DESC, uuid DESC);
CREATE INDEX users_epoch_changed_at_idx ON users (epoch_changed_at) WHERE epoch_changed_at IS NOT NULL;
CREATE INDEX users_tenant_admins_idx ON users (tenant_uuid, uuid) WHERE role = 'admin' AND is_active;

CREATE TABLE physicians (
  uuid                uuid NOT NULL,
  tenant_uuid         uuid NOT NULL,
  user_uuid           uuid NOT NULL,
  language_preference text NOT NULL,
  languages           text[] NOT NULL,
  private_pool        text,
  vacation_mode       boolean NOT NULL DEFAULT false,
  max_open_cases      integer NOT NULL DEFAULT 10,
  created_at          timestamptz(3) NOT NULL,
  updated_at          timestamptz NOT NULL,
  version             integer NOT NULL DEFAULT 1,
  CONSTRAINT physicians_pkey PRIMARY KEY (uuid),
  CONSTRAINT physicians_user_key UNIQUE (user_uuid),
  CONSTRAINT physicians_tenant_uuid_key UNIQUE (tenant_uuid, uuid),
  CONSTRAINT physicians_user_fkey FOREIGN KEY (tenant_uuid, user_uuid) REFERENCES users (tenant_uuid, uuid)
);
CREATE INDEX physicians_tenant_created_at_idx ON physicians (tenant_uuid, created_at DESC, uuid DESC);
`;

/** Organisations, accounts and physicians, with the tenant `default`. */
export const tenantsAndUsers = ownTables({
  tables: {
    tenants: 'organisations',
    users: 'accounts, each in one tenant',
    physicians: 'what users of role physician are as givers of opinions',
  },
  create: CREATE,
});
