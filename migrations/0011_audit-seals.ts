import { concurrentIndexes } from './concurrent-indexes.ts';
import { ownTables } from './own-tables.ts';
import { inTurn } from './steps.ts';

/** Nothing here refers to `audit_entries` by a foreign key: sealing would lock the rows that it points to. */
const CREATE = `
CREATE TABLE audit_links (
  position   bigint NOT NULL,
  entry_uuid uuid NOT NULL,
  record_mac bytea NOT NULL,
  mac        bytea NOT NULL,
  CONSTRAINT audit_links_pkey PRIMARY KEY (position),
  CONSTRAINT audit_links_entry_key UNIQUE (entry_uuid),
  CONSTRAINT audit_links_position_check CHECK (position >= 1)
);
CREATE TRIGGER audit_links_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_links
  FOR EACH STATEMENT EXECUTE FUNCTION casegate_refuse_change();

CREATE TABLE audit_seals (
  number        bigint NOT NULL,
  previous_mac  bytea NOT NULL,
  last_position bigint NOT NULL,
  entries       integer NOT NULL,
  horizon       xid8 NOT NULL,
  batch_mac     bytea NOT NULL,
  sealed_at     timestamptz(3) NOT NULL,
  mac           bytea NOT NULL,
  CONSTRAINT audit_seals_pkey PRIMARY KEY (number),
  CONSTRAINT audit_seals_number_check CHECK (number >= 1),
  CONSTRAINT audit_seals_entries_check CHECK (entries >= 0 AND last_position >= entries)
);
CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals
  FOR EACH STATEMENT EXECUTE FUNCTION casegate_refuse_change();

-- Always one row, so that a missing one tells that somebody took it away.
CREATE TABLE audit_head (
  singleton boolean NOT NULL DEFAULT true,
  number    bigint NOT NULL DEFAULT 0,
  mac       bytea,
  CONSTRAINT audit_head_pkey PRIMARY KEY (singleton),
  CONSTRAINT audit_head_singleton_check CHECK (singleton),
  CONSTRAINT audit_head_mac_check CHECK ((number = 0) = (mac IS NULL))
);
INSERT INTO audit_head DEFAULT VALUES;
`;

const tables = ownTables({
  tables: {
    audit_links: 'the place of each sealed audit entry, and what proves it',
    audit_seals: 'batches of sealed audit entries, each chained to the one before',
    audit_head: 'one row: the last seal, signed',
  },
  create: CREATE,
});

const indexes = concurrentIndexes('audit_entries', {
  audit_entries_actor_at_idx: '(tenant_uuid, actor_id, at DESC, uuid DESC)',
  audit_entries_subject_at_idx: '(tenant_uuid, subject_id, at DESC, uuid DESC)',
  audit_entries_action_at_idx: '(tenant_uuid, action, at DESC, uuid DESC)',
});

/** The chain that seals the audit trail, and the indexes by which it is read. */
export const auditSeals = inTurn(tables, indexes);
