import { expect } from 'chai';
import pg from 'pg';
import type { ExpiredKind } from '../../../src/application/ports/stores/expired-records.ts';
import type { Statements } from '../../../src/adapters/postgres/statements.ts';
import { PostgresExpiredRecords } from '../../../src/adapters/postgres/stores/expired-records.ts';
import { newChallenge } from '../../contracts/stores/access-fixtures.ts';
import { at, NOW, plantSession, plantUser } from '../../contracts/stores/fixtures.ts';
import { withClient } from '../../support/legacy-service.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

/** By which indexes the statements for each kind are to find what is over. */
const INDEXES: Readonly<Record<ExpiredKind, readonly string[]>> = {
  sessions: ['sessions_ended_at_idx', 'sessions_live_expires_at_idx', 'refresh_tokens_session_idx'],
  oneTimeTokens: ['one_time_tokens_expires_at_idx'],
  signInChallenges: ['sign_in_challenges_expires_at_idx'],
  passkeyChallenges: ['passkey_challenges_expires_at_idx'],
  failureCounters: ['failure_counters_last_failed_at_idx'],
  outboxEntries: ['outbox_settled_at_idx'],
  idempotencyKeys: ['idempotency_keys_expires_at_idx'],
  caseReceipts: ['case_receipts_expires_at_idx'],
  legacyTickets: ['legacy_tickets_expires_at_idx'],
};

describe('Expired records in PostgreSQL', () => {
  let world: PostgresStoreWorld;

  beforeEach(async () => {
    world = await postgresStoreWorld();
  });
  afterEach(() => world.close());

  it('are found by an index each, and removed without another look at their table', async () => {
    await withClient(world.url, async (client) => {
      await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off');
      for (const [kind, indexes] of Object.entries(INDEXES) as [ExpiredKind, readonly string[]][]) {
        const plans: string[] = [];
        const statements: Statements = {
          run: async ({ text }, parameters) => {
            const { rows } = await client.query<Record<'QUERY PLAN', string>>(`EXPLAIN ${text}`, [
              ...parameters,
            ]);
            plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
            return [];
          },
        };
        await new PostgresExpiredRecords(statements).remove(kind, NOW, 1_000);
        const plan = plans.join('\n');
        for (const index of indexes) expect(plan, kind).to.contain(`using ${index}`);
        expect(plan, kind)
          .to.contain('Tid Scan')
          .and.not.to.match(/Seq Scan/);
      }
    });
  });

  it('are left to whoever holds them, without waiting for him', async () => {
    const user = await plantUser(world);
    const held = newChallenge(user, { expiresAt: NOW });
    for (const challenge of [held, newChallenge(user, { expiresAt: NOW })]) {
      await world.signInChallenges.add(challenge);
    }
    const holder = new pg.Client({ connectionString: world.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM sign_in_challenges WHERE uuid = $1 FOR UPDATE', [held.id]);
    expect(await world.expiredRecords.remove('signInChallenges', at(1), 10)).to.equal(1);
    await holder.query('ROLLBACK');
    await holder.end();
    expect(await world.expiredRecords.remove('signInChallenges', at(1), 10)).to.equal(1);
  });

  it('take thousands of refresh tokens of a session with them, a part at a time, and those of no other', async () => {
    const user = await plantUser(world);
    const [dead, live] = [await plantSession(world, user), await plantSession(world, user)];
    await world.sql(
      `INSERT INTO refresh_tokens (token_hash, session_uuid, issued_at, rotated_at)
        SELECT sha256(n::text::bytea), $1::uuid, $2, $2 FROM generate_series(1, 11000) AS n`,
      [dead.id, NOW],
    );
    await world.unitOfWork.stores(user.tenantId).sessions.end(user.id, dead.id, 'signed-out', NOW);
    expect(await world.expiredRecords.remove('sessions', at(1), 10)).to.equal(1);
    expect(await world.sql('SELECT session_uuid FROM refresh_tokens')).to.deep.equal([
      { session_uuid: live.id },
    ]);
  });
});
