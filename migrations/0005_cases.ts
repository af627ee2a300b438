import { ownTables } from './own-tables.ts';

const CREATE = `
CREATE TABLE cases (
  uuid           uuid NOT NULL,
  tenant_uuid    uuid NOT NULL,
  state          text NOT NULL,
  version        integer NOT NULL DEFAULT 1,
  language       text NOT NULL,
  priority       text NOT NULL,
  specialty      text,
  patient_uuid   uuid,
  physician_uuid uuid,
  pool           text,
  vendor_id      text,
  flags          text[] NOT NULL DEFAULT '{}',
  due_at         timestamptz NOT NULL,
  created_at     timestamptz(3) NOT NULL,
  updated_at     timestamptz NOT NULL,
  CONSTRAINT cases_pkey PRIMARY KEY (uuid),
  CONSTRAINT cases_tenant_uuid_key UNIQUE (tenant_uuid, uuid),
  CONSTRAINT cases_tenant_fkey FOREIGN KEY (tenant_uuid) REFERENCES tenants (uuid),
  CONSTRAINT cases_patient_fkey FOREIGN KEY (tenant_uuid, patient_uuid) REFERENCES users (tenant_uuid, uuid),
  CONSTRAINT cases_physician_fkey FOREIGN KEY (physician_uuid) REFERENCES physicians (uuid),
  CONSTRAINT cases_state_check CHECK (state IN ('queued', 'assigned', 'in_review', 'info_requested', 'answered', 'closed',
    'declined', 'cancelled', 'expired', 'void', 'legacy')),
  CONSTRAINT cases_priority_check CHECK (priority IN ('routine', 'urgent', 'asap')),
  CONSTRAINT cases_assignee_check CHECK (
    (state IN ('assigned', 'in_review', 'info_requested', 'answered', 'closed')) = (physician_uuid IS NOT NULL))
);
CREATE INDEX cases_tenant_created_at_idx ON cases (tenant_uuid, created_at DESC, uuid DESC);
CREATE INDEX cases_patient_created_at_idx ON cases (patient_uuid, created_at DESC, uuid DESC) WHERE patient_uuid IS NOT NULL;
CREATE INDEX cases_physician_created_at_idx ON cases (physician_uuid, created_at DESC, uuid DESC) WHERE physician_uuid IS NOT NULL;

CREATE FUNCTION casegate_refuse_anonymous_case() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.installation WHERE anonymous_cases) THEN
    RAISE EXCEPTION 'anonymous cases are not allowed here'
      USING ERRCODE = 'check_violation', TABLE = 'cases', CONSTRAINT = 'cases_anonymous_allowed';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER cases_anonymous_allowed BEFORE INSERT ON cases
  FOR EACH ROW WHEN (NEW.patient_uuid IS NULL AND NEW.state <> 'legacy') EXECUTE FUNCTION casegate_refuse_anonymous_case();

CREATE TABLE case_events (
  uuid        uuid NOT NULL,
  tenant_uuid uuid NOT NULL,
  case_uuid   uuid NOT NULL,
  type        text NOT NULL,
  from_state  text,
  to_state    text NOT NULL,
  version     integer NOT NULL,
  actor_uuid  uuid,
  at          timestamptz NOT NULL,
  CONSTRAINT case_events_pkey PRIMARY KEY (uuid),
  CONSTRAINT case_events_case_version_key UNIQUE (case_uuid, version),
  CONSTRAINT case_events_case_fkey FOREIGN KEY (tenant_uuid, case_uuid) REFERENCES cases (tenant_uuid, uuid)
);
CREATE TRIGGER case_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_events
  FOR EACH STATEMENT EXECUTE FUNCTION casegate_refuse_change();

CREATE TABLE case_messages (
  uuid        uuid NOT NULL,
  tenant_uuid uuid NOT NULL,
  case_uuid   uuid NOT NULL,
  kind        text NOT NULL,
  author_role text NOT NULL,
  author_uuid uuid,
  key_uuid    uuid NOT NULL,
  body        bytea NOT NULL,
  at          timestamptz NOT NULL,
  CONSTRAINT case_messages_pkey PRIMARY KEY (uuid),
  CONSTRAINT case_messages_case_fkey FOREIGN KEY (tenant_uuid, case_uuid) REFERENCES cases (tenant_uuid, uuid),
  CONSTRAINT case_messages_key_fkey FOREIGN KEY (tenant_uuid, key_uuid) REFERENCES data_keys (tenant_uuid, uuid)
);
CREATE INDEX case_messages_case_at_idx ON case_messages (case_uuid, at, uuid);

CREATE TABLE case_receipts (
  receipt_hash bytea NOT NULL,
  tenant_uuid  uuid NOT NULL,
  case_uuid    uuid NOT NULL,
  expires_at   timestamptz NOT NULL,
  spent_at     timestamptz,
  CONSTRAINT case_receipts_pkey PRIMARY KEY (receipt_hash),
  CONSTRAINT case_receipts_case_fkey FOREIGN KEY (tenant_uuid, case_uuid) REFERENCES cases (tenant_uuid, uuid)
);
CREATE INDEX case_receipts_case_idx ON case_receipts (case_uuid);
`;

/**
 * The workflow of cases, keyed by `rn_requests.uuid` without a foreign key: the legacy service may delete its rows. A trigger refuses
 * anonymous cases where the installation does not allow them; it names the table in full, so that no temporary one stands in for it.
 */
export const cases = ownTables({
  tables: {
    cases: 'the workflow of cases',
    case_events: 'what happened to cases, append-only',
    case_messages: 'texts of cases, encrypted',
    case_receipts: 'hashes of receipts of anonymous cases',
  },
  create: CREATE,
  functions: ['casegate_refuse_anonymous_case'],
});
