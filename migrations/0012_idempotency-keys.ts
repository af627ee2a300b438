import type { Migration } from './migration.ts';
import { ownTables } from './own-tables.ts';
import { whileUsed } from './steps.ts';

const CREATE = `
-- What resource_uuid names depends on the operation, which is part of what was hashed.
CREATE TABLE idempotency_keys (
  key_hash      bytea NOT NULL,
  tenant_uuid   uuid NOT NULL,
  fingerprint   bytea NOT NULL,
  resource_uuid uuid NOT NULL,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (key_hash),
  CONSTRAINT idempotency_keys_tenant_fkey FOREIGN KEY (tenant_uuid) REFERENCES tenants (uuid)
);
CREATE INDEX idempotency_keys_expires_at_idx ON idempotency_keys (expires_at);
`;

const tables = ownTables({
  tables: { idempotency_keys: 'hashes of the keys by which callers repeat requests, and what was made' },
  create: CREATE,
});

/** What was made for requests that their callers may repeat. */
export const idempotencyKeys: Migration = whileUsed(tables, 'tenants');
