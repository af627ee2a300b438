import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { grantSteps, SERVICE_NEEDS } from '../../../migrations/service-role.ts';
import { SEALED_COLUMNS } from '../../../src/adapters/postgres/rows/sealed-columns.ts';
import type { ExpiredKind } from '../../../src/application/ports/stores/expired-records.ts';
import type { Statements } from '../../../src/adapters/postgres/statements.ts';
import { LegacyRowColumns } from '../../../src/adapters/postgres/legacy/legacy-row-columns.ts';
import { PostgresAccountDirectory } from '../../../src/adapters/postgres/stores/account-directory.ts';
import { PostgresAuditSealStore } from '../../../src/adapters/postgres/stores/audit-seal-store.ts';
import { PostgresAuditTrail } from '../../../src/adapters/postgres/stores/audit-trail.ts';
import { PostgresBreakGlassStore } from '../../../src/adapters/postgres/stores/break-glass-store.ts';
import { PostgresCaseStore } from '../../../src/adapters/postgres/stores/case-store.ts';
import { PostgresCaseTimers } from '../../../src/adapters/postgres/stores/case-timers.ts';
import { PostgresExpiredRecords } from '../../../src/adapters/postgres/stores/expired-records.ts';
import { PostgresIdempotencyKeyStore } from '../../../src/adapters/postgres/stores/idempotency-key-store.ts';
import { PostgresMfaResetStore } from '../../../src/adapters/postgres/stores/mfa-reset-store.ts';
import { PostgresOneTimeTokenStore } from '../../../src/adapters/postgres/stores/one-time-token-store.ts';
import { PostgresOutbox } from '../../../src/adapters/postgres/stores/outbox.ts';
import { PostgresPasskeyChallengeStore } from '../../../src/adapters/postgres/stores/passkey-challenge-store.ts';
import { PostgresPhysicianStore } from '../../../src/adapters/postgres/stores/physician-store.ts';
import { PostgresDataKeyStore } from '../../../src/adapters/postgres/stores/data-key-store.ts';
import { PostgresSealedTextStore } from '../../../src/adapters/postgres/stores/sealed-text-store.ts';
import { PostgresSecondFactorStore } from '../../../src/adapters/postgres/stores/second-factor-store.ts';
import { PostgresSignInChallengeStore } from '../../../src/adapters/postgres/stores/sign-in-challenge-store.ts';
import type { LegacyCase } from '../../../src/domain/cases/case.ts';
import { adopt, assign, release } from '../../../src/domain/cases/workflow.ts';
import type { Physician } from '../../../src/domain/identity/physician.ts';
import { sealEntries } from '../../../src/domain/audit/audit-chain.ts';
import { grantBreakGlass } from '../../../src/domain/cases/break-glass.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import {
  newChallenge,
  newOutboxEntry,
  newPasskey,
  newReset,
  newSealed,
  newToken,
} from '../../contracts/stores/access-fixtures.ts';
import {
  EVERY_CASE,
  newAct,
  newChange,
  newMessage,
  NO_FILTER,
} from '../../contracts/stores/case-fixtures.ts';
import {
  at,
  newEntry,
  newHash,
  newId,
  newSubmission,
  NOW,
  plantDataKey,
  plantPhysician,
  plantUser,
} from '../../contracts/stores/fixtures.ts';
import {
  legacyCaseIn,
  newAdoption,
  plantLegacyRequest,
} from '../../contracts/stores/legacy-case-fixtures.ts';
import { replaceDataKey, textsUnderRetiredKeys } from '../../contracts/stores/key-fixtures.ts';
import { ignoreJobs } from '../../support/ignore-jobs.ts';
import { withClient } from '../../support/legacy-service.ts';
import { plantSealedRows } from '../../support/sealed-rows.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const EXPIRED_KINDS: readonly ExpiredKind[] = [
  'sessions',
  'oneTimeTokens',
  'signInChallenges',
  'passkeyChallenges',
  'failureCounters',
  'outboxEntries',
  'idempotencyKeys',
  'caseReceipts',
];

/** Does `work` in the service's role, which has what migrations grant it and no more, and undoes it. */
const inServiceRole = (url: string, work: (statements: Statements, client: pg.Client) => Promise<void>) =>
  withClient(url, async (client) => {
    const role = `clerk_${randomBytes(4).toString('hex')}`;
    await client.query(`BEGIN; CREATE ROLE ${role}`);
    for (const { sql } of grantSteps(role, SERVICE_NEEDS)) await client.query(sql);
    await client.query(`SET LOCAL ROLE ${role}`);
    const statements: Statements = {
      run: async <Row>(statement: { readonly text: string }, parameters: readonly unknown[]) =>
        (await client.query(statement.text, [...parameters])).rows as Row[],
    };
    await work(statements, client);
    await client.query('ROLLBACK');
  });

describe("The service's role, which owns nothing", () => {
  let world: PostgresStoreWorld;
  let user: User;
  let keyId: string;
  let physician: Physician;

  before(async () => {
    world = await postgresStoreWorld();
    user = await plantUser(world);
    keyId = await plantDataKey(world, user.tenantId);
    physician = await plantPhysician(world, user.tenantId);
  });
  after(() => world.close());

  it('may do what is done with second factors', () =>
    inServiceRole(world.url, async (statements) => {
      const factors = new PostgresSecondFactorStore(statements, user.tenantId);
      const [secret, passkey, code] = [newSealed(keyId), newPasskey(user), newHash()];
      await factors.putPendingTotp(user.id, secret, NOW);
      expect(await factors.confirmTotp(user.id, secret, 1, NOW)).to.equal(true);
      await factors.replaceRecoveryCodes(user.id, [code]);
      expect(await factors.useRecoveryCode(user.id, code)).to.equal(true);
      await factors.addPasskey(passkey);
      expect(await factors.usePasskey(passkey.id, 1, NOW)).to.equal(true);
      await new PostgresAccountDirectory(statements).find('default', user.email);
      await factors.removeAll(user.id);
    }));

  it('may do what is done with tokens, challenges, resets and the outbox', () =>
    inServiceRole(world.url, async (statements) => {
      const tokens = new PostgresOneTimeTokenStore(statements, user.tenantId);
      const token = newToken(user);
      await tokens.put(token);
      await tokens.put(token);
      expect(await tokens.spend(token.hash, NOW)).to.equal(true);
      const signIns = new PostgresSignInChallengeStore(statements);
      const challenge = newChallenge(user);
      await signIns.add(challenge);
      expect(await signIns.reserve(challenge.id, NOW)).to.include({ kind: 'reserved' });
      const passkeys = new PostgresPasskeyChallengeStore(statements);
      const use = { kind: 'authentication', signInChallengeId: null } as const;
      await passkeys.add({ hash: newHash(), use, expiresAt: NOW });
      await passkeys.add({ hash: newHash(), use, expiresAt: at(86_400) });
      const resets = new PostgresMfaResetStore(statements, user.tenantId);
      await resets.add(newReset(user), newSealed(keyId));
      expect(await resets.cancel(user.id, NOW)).to.equal(true);
      const entry = newOutboxEntry(user.tenantId, keyId);
      const atomically = <T>(work: (given: Statements) => Promise<T>) => work(statements);
      const outbox = new PostgresOutbox({ statements, atomically, enqueue: ignoreJobs }, user.tenantId);
      await outbox.add(entry);
      const another = newOutboxEntry(user.tenantId, keyId);
      expect(await outbox.addWithin(another, 1, NOW)).to.equal(true);
      expect(await outbox.settle(entry.id, 'done', NOW)).to.equal(true);
    }));

  it('may do what becomes of cases, their assignments and their receipts', () =>
    inServiceRole(world.url, async (statements) => {
      const { tenantId } = user;
      const cases = new PostgresCaseStore(statements, tenantId, new LegacyRowColumns());
      const receipt = { hash: newHash(), expiresAt: at(60) };
      const submission = newSubmission(keyId, { tenantId, patientId: null }, NOW, receipt);
      const { submitted } = submission;
      await cases.add(submission);
      expect(await cases.spendReceipts([receipt.hash], NOW)).to.deep.equal([submitted.id]);
      const adopted = adopt(submitted, user.id, newAct());
      expect(await cases.save(newChange(adopted))).to.equal(true);
      const physicians = new PostgresPhysicianStore(statements, tenantId);
      const assignable = (await physicians.lockAssignable(physician.id))!;
      const assigned = assign(adopted.after, assignable, newAct());
      expect(await cases.save(newChange(assigned))).to.equal(true);
      const [held] = await cases.lockOpenOf(physician.id);
      const parts = { message: newMessage(submitted, keyId), reason: { keyId, bytes: newHash() } };
      expect(await cases.save(newChange(release(held!, newAct()), parts))).to.equal(true);
      const timers = new PostgresCaseTimers(statements);
      const due = { tenantId, caseId: submitted.id, version: 4 };
      await timers.setNext(due, NOW);
      expect(await timers.listDue(NOW, 10)).to.deep.equal([due]);
    }));

  it('may show cases of the legacy service, and give them a workflow', async () => {
    const { caseId, ...request } = await plantLegacyRequest(world, { vendorId: null });
    await inServiceRole(world.url, async (statements) => {
      const cases = new PostgresCaseStore(statements, DEFAULT_TENANT_ID, new LegacyRowColumns());
      const found = await cases.find(caseId, EVERY_CASE);
      expect(found).to.deep.equal(legacyCaseIn({ id: DEFAULT_TENANT_ID }, { caseId, ...request }, null));
      const listed = await cases.list(EVERY_CASE, NO_FILTER, { limit: 100, after: null });
      expect(listed.items).to.deep.include(found);
      expect(await cases.readLegacyQuestion(caseId, EVERY_CASE)).to.equal(request.question);
      const key = await plantDataKey(world, DEFAULT_TENANT_ID);
      expect(await cases.adoptLegacy(newAdoption(found as LegacyCase, key))).to.equal(true);
    });
  });

  it('may do what is done with break-glass grants', () =>
    inServiceRole(world.url, async (statements) => {
      const { tenantId } = user;
      const cases = new PostgresCaseStore(statements, tenantId, new LegacyRowColumns());
      const submission = newSubmission(keyId, { tenantId, patientId: user.id });
      const { id: caseId } = submission.submitted;
      await cases.add(submission);
      const grants = new PostgresBreakGlassStore(statements, tenantId);
      const grant = grantBreakGlass({ id: newId(), tenantId, caseId, adminId: user.id }, NOW);
      await grants.add(grant, newSealed(keyId));
      expect(await grants.findLive(caseId, user.id, NOW)).to.deep.equal(grant);
      const review = { reviewerId: user.id, outcome: 'justified', at: NOW };
      expect(await grants.review(grant.id, review, newSealed(keyId))).to.equal(true);
    }));

  it('may do what rotating data keys asks for, wherever texts are sealed', async () => {
    const textCipher = {
      seal: () => Promise.resolve(newSealed(keyId)),
      open: () => Promise.reject(new Error('Nothing is opened here.')),
    };
    const statements = {
      run: async <Row>({ text }: { text: string }, values: readonly unknown[]) =>
        (await world.sql(text, values)) as Row[],
    };
    await plantSealedRows(statements, textCipher, user.tenantId);
    await inServiceRole(world.url, async (statements) => {
      const dataKeys = new PostgresDataKeyStore(statements);
      const texts = new PostgresSealedTextStore(statements);
      const { id: current } = await replaceDataKey({ dataKeyStore: dataKeys }, keyId, user.tenantId);
      const found = await textsUnderRetiredKeys({ sealedTexts: texts }, user.tenantId);
      expect(new Set(found.map(({ column }) => column))).to.have.property(
        'size',
        Object.keys(SEALED_COLUMNS).length,
      );
      for (const text of found) {
        const done = await texts.replace(text.column, [{ ...text, resealed: newSealed(current) }]);
        expect(done).to.equal(1);
      }
      expect(await dataKeys.destroy(user.tenantId, keyId, newEntry(user.tenantId))).to.equal(true);
    });
  });

  it('may remove what has expired', () =>
    inServiceRole(world.url, async (statements) => {
      const tokens = new PostgresOneTimeTokenStore(statements, user.tenantId);
      await tokens.put(newToken(user, { expiresAt: NOW }));
      const expired = new PostgresExpiredRecords(statements);
      for (const kind of EXPIRED_KINDS) {
        expect(await expired.remove(kind, at(1), 10)).to.equal(kind === 'oneTimeTokens' ? 1 : 0);
      }
    }));

  it('may seal, verify and read the audit trail, and change nothing of it', () =>
    inServiceRole(world.url, async (statements, client) => {
      const entry = newEntry(user.tenantId);
      const [trail, seals] = [
        new PostgresAuditTrail(statements, user.tenantId),
        new PostgresAuditSealStore(statements),
      ];
      await trail.add(entry);
      const filter = { actorId: null, action: null, subject: null, from: null, to: null };
      expect((await trail.list(filter, { limit: 1, after: null })).items).to.deep.equal([entry]);
      const { horizon } = await seals.listSealable(null, null, 1);
      const entries = [{ id: entry.id, record: 'any' }];
      const batch = sealEntries(() => newHash(), null, { entries, horizon }, NOW);
      expect(await seals.append(batch)).to.equal(true);
      expect((await seals.readEnd()).seal).to.deep.equal(batch.seal);
      expect(await seals.isSettled(horizon)).to.equal(true);
      expect(await seals.hasEntryBefore(NOW)).to.equal(false);
      expect(await seals.listSeals(0, 1, 1)).to.have.length(1);
      expect(await seals.listLinks(1, 1, 1)).to.have.length(1);
      await seals.walkEntries({ after: null, lastPosition: 1, horizon, limit: 1 });
      expect(await seals.listStrays(1)).to.deep.equal({ positions: [], numbers: [] });
      for (const text of [
        'UPDATE audit_links SET position = 2',
        'DELETE FROM audit_seals',
        'DELETE FROM audit_head',
      ]) {
        await client.query('SAVEPOINT before');
        const refused = await client.query(text).catch((error: unknown) => error);
        expect(refused, text).to.have.property('code', '42501');
        await client.query('ROLLBACK TO SAVEPOINT before');
      }
    }));

  it('may claim idempotency keys, and claim them anew once they have expired', () =>
    inServiceRole(world.url, async (statements) => {
      const keys = new PostgresIdempotencyKeyStore(statements, user.tenantId);
      const hashes = { keyHash: newHash(), fingerprint: newHash(), tenantId: user.tenantId };
      const record = { ...hashes, resourceId: newId(), createdAt: NOW, expiresAt: at(60) };
      expect(await keys.claim(record)).to.deep.equal({ kind: 'claimed' });
      expect(await keys.find(record.keyHash, NOW)).to.deep.equal(record);
      const next = { ...record, createdAt: at(60), expiresAt: at(120) };
      expect(await keys.claim(next)).to.deep.equal({ kind: 'claimed' });
    }));

  for (const text of ['DELETE FROM cases', 'DELETE FROM mfa_resets', 'TRUNCATE one_time_tokens']) {
    it(`may not do what it never does: ${text}`, () =>
      inServiceRole(world.url, async (_, client) => {
        const refused = await client.query(text).then(
          () => null,
          (error: unknown) => (error as { code: string }).code,
        );
        expect(refused).to.equal('42501');
      }));
  }
});
