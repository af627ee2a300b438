import { ownTables } from './own-tables.ts';

const CREATE = `
CREATE FUNCTION casegate_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TABLE audit_entries (
  uuid         uuid NOT NULL,
  tenant_uuid  uuid NOT NULL,
  actor_kind   text NOT NULL,
  actor_id     text,
  action       text NOT NULL,
  subject_type text,
  subject_id   text,
  at           timestamptz NOT NULL,
  details      jsonb NOT NULL,
  xact         xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT audit_entries_pkey PRIMARY KEY (uuid),
  CONSTRAINT audit_entries_tenant_fkey FOREIGN KEY (tenant_uuid) REFERENCES tenants (uuid),
  CONSTRAINT audit_entries_actor_check CHECK (actor_kind <> 'user' OR actor_id IS NOT NULL)
);
CREATE INDEX audit_entries_tenant_at_idx ON audit_entries (tenant_uuid, at DESC, uuid DESC);
CREATE INDEX audit_entries_xact_idx ON audit_entries (xact);
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION casegate_refuse_change();
`;

/** The audit trail: rows are added, never changed or removed. */
export const auditEntries = ownTables({
  tables: { audit_entries: 'who did what to which record, and when' },
  create: CREATE,
  functions: ['casegate_refuse_change'],
});
