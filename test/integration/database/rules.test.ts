import { expect } from 'chai';
import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { withClient } from '../../support/legacy-service.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';

const DEFAULT_TENANT = '00000000-0000-7000-8000-000000000001';

/** The SQLSTATE and constraint that refused, or `null`. */
async function refusal(client: pg.Client, text: string): Promise<string | null> {
  try {
    await client.query(text);
    return null;
  } catch (error) {
    const { code, constraint } = error as { code: string; constraint?: string };
    return constraint === undefined ? code : `${code} ${constraint}`;
  }
}

const insertCase = (state: string, physician: string): string =>
  `INSERT INTO cases (uuid, tenant_uuid, state, language, priority, physician_uuid, due_at, created_at, updated_at)
   VALUES (gen_random_uuid(), '${DEFAULT_TENANT}', '${state}', 'en', 'routine', ${physician}, now(), now(), now())`;

describe('Rules that the database keeps by itself', () => {
  let database: TestDatabase;

  before(async () => {
    database = await freshDatabase();
  });
  after(() => database.drop());

  it('refuse to change, remove or truncate audit entries', async () => {
    await withClient(database.url, async (client) => {
      await client.query(
        `INSERT INTO audit_entries (uuid, tenant_uuid, actor_kind, action, at, details)
         VALUES (gen_random_uuid(), '${DEFAULT_TENANT}', 'system', 'test.done', now(), '{}')`,
      );
      for (const text of [
        `UPDATE audit_entries SET action = 'x'`,
        'DELETE FROM audit_entries',
        'TRUNCATE audit_entries',
      ]) {
        expect(await refusal(client, text), text).to.equal('23000');
      }
      const { rows } = await client.query<{ n: number; own: boolean }>(
        `SELECT count(*)::integer AS n, bool_and(xact < pg_current_xact_id()) AS own FROM audit_entries WHERE action = 'test.done'`,
      );
      expect(rows).to.deep.equal([{ n: 1, own: true }]);
    });
  });

  it('refuse to change or remove events of cases', async () => {
    await withClient(database.url, async (client) => {
      for (const text of [
        `UPDATE case_events SET type = 'x'`,
        'DELETE FROM case_events',
        'TRUNCATE case_events CASCADE',
      ]) {
        expect(await refusal(client, text), text).to.equal('23000');
      }
    });
  });

  it('refuse an assignee in a state that has none, and the reverse', async () => {
    await withClient(database.url, async (client) => {
      expect(await refusal(client, insertCase('assigned', 'NULL'))).to.equal('23514 cases_assignee_check');
      expect(await refusal(client, insertCase('queued', 'gen_random_uuid()'))).to.equal(
        '23514 cases_assignee_check',
      );
      expect(await refusal(client, insertCase('lost', 'NULL'))).to.equal('23514 cases_state_check');
    });
  });

  it('refuse anonymous cases unless the installation allows them', async () => {
    await withClient(database.url, async (client) => {
      expect(await refusal(client, insertCase('queued', 'NULL'))).to.equal(null);
      await client.query('UPDATE installation SET anonymous_cases = false');
      expect(await refusal(client, insertCase('queued', 'NULL'))).to.equal('23514 cases_anonymous_allowed');
      await client.query('DELETE FROM installation');
      expect(await refusal(client, insertCase('queued', 'NULL'))).to.equal('23514 cases_anonymous_allowed');
      await client.query('INSERT INTO installation (anonymous_cases) VALUES (true)');
    });
  });

  it('refuse them also where a temporary table has the name of the one that says so', async () => {
    await withClient(database.url, async (client) => {
      const role = `clerk_${randomBytes(4).toString('hex')}`;
      await client.query('BEGIN');
      for (const text of [
        'DELETE FROM installation',
        `CREATE ROLE ${role}`,
        `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`,
        `GRANT INSERT ON cases TO ${role}`,
        `SET LOCAL ROLE ${role}`,
        'CREATE TEMPORARY TABLE installation AS SELECT true AS anonymous_cases',
      ]) {
        await client.query(text);
      }
      expect(await refusal(client, insertCase('queued', 'NULL'))).to.equal('23514 cases_anonymous_allowed');
      await client.query('ROLLBACK');
    });
  });

  it('refuse a text under the key of another tenant, and an audit entry without a tenant', async () => {
    const [tenant, key, request] = [randomUUID(), randomUUID(), randomUUID()];
    const insertText = (tenantUuid: string): string =>
      `INSERT INTO case_messages (uuid, tenant_uuid, case_uuid, kind, author_role, key_uuid, body, at)
       VALUES (gen_random_uuid(), '${tenantUuid}', '${request}', 'question', 'patient', '${key}', '', now())`;
    await withClient(database.url, async (client) => {
      await client.query(
        `INSERT INTO tenants (uuid, slug, name, quotas, password_policy, created_at) VALUES ('${tenant}', 'north', 'North', '{}', '{}', now());
         INSERT INTO data_keys (uuid, tenant_uuid, wrapped_key, created_at) VALUES ('${key}', '${tenant}', '', now());
`,
      );
      await client.query(insertCase('queued', 'NULL').replace('gen_random_uuid()', `'${request}'`));
      expect(await refusal(client, insertText(DEFAULT_TENANT))).to.equal('23503 case_messages_key_fkey');
      expect(
        await refusal(
          client,
          `INSERT INTO audit_entries (uuid, actor_kind, action, at, details) VALUES (gen_random_uuid(), 'system', 'test.done', now(), '{}')`,
        ),
      ).to.equal('23502');
    });
  });

  it('refuse a second account with the same address in a tenant, however it is written', async () => {
    const insertUser = (email: string) =>
      `INSERT INTO users (uuid, tenant_uuid, email, role, language, created_at, updated_at)
       VALUES (gen_random_uuid(), '${DEFAULT_TENANT}', '${email}', 'patient', 'en', now(), now())`;
    await withClient(database.url, async (client) => {
      expect(await refusal(client, insertUser('Dana@example.com'))).to.equal(null);
      expect(await refusal(client, insertUser('dana@EXAMPLE.com'))).to.equal('23505 users_tenant_email_key');
    });
  });

  it('refuse to end an entry of the outbox that keeps its payload, and one that has none to begin with', async () => {
    const key = randomUUID();
    const insertEntry = (payload: string): string =>
      `INSERT INTO outbox (uuid, tenant_uuid, topic, payload, key_uuid, recipient, created_at, due_at)
       VALUES (gen_random_uuid(), '${DEFAULT_TENANT}', 'mail', ${payload}, '${key}', '', now(), now())`;
    await withClient(database.url, async (client) => {
      await client.query(
        `INSERT INTO data_keys (uuid, tenant_uuid, wrapped_key, created_at) VALUES ('${key}', '${DEFAULT_TENANT}', '', now())`,
      );
      expect(await refusal(client, insertEntry('NULL'))).to.equal('23514 outbox_erased_check');
      expect(await refusal(client, insertEntry(`'x'`))).to.equal(null);
      for (const [set, refused] of [
        [`settled_at = now(), outcome = 'done'`, '23514 outbox_erased_check'],
        [`settled_at = now(), payload = NULL, key_uuid = NULL`, '23514 outbox_erased_check'],
        [
          `settled_at = now(), payload = NULL, key_uuid = NULL, outcome = 'lost'`,
          '23514 outbox_outcome_check',
        ],
        [`settled_at = now(), payload = NULL, key_uuid = NULL, outcome = 'done'`, null],
      ] as const) {
        expect(await refusal(client, `UPDATE outbox SET ${set}`), set).to.equal(refused);
      }
    });
  });

  it('let the legacy service remove a request that has a workflow', async () => {
    await withClient(database.url, async (client) => {
      const { rows } = await client.query<{ uuid: string }>(
        'INSERT INTO rn_requests DEFAULT VALUES RETURNING uuid',
      );
      await client.query(insertCase('queued', 'NULL').replace('gen_random_uuid()', `'${rows[0]!.uuid}'`));
      expect(await refusal(client, 'DELETE FROM rn_requests')).to.equal(null);
    });
  });
});
