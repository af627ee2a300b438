import { expect } from 'chai';
import type { ExpiredKind } from '../../../../src/application/ports/stores/expired-records.ts';
import type { PartFailed } from '../../../../src/application/steps/part-failed.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { createLegacyTicket } from '../../../../src/domain/legacy/legacy-ticket.ts';
import type { ReadonlyMemoryTables } from '../../../../src/adapters/memory/memory-tables.ts';
import { compose } from '../../../../src/main/compose.ts';
import { ANONYMOUS, anId, NO_CLIENT, PASSWORD, someActors, SYSTEM } from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { world, type World } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const SUBJECT = { userId: 'u-1', identifier: null, vendorId: null };
const HOUR = 3600;
const DAY = 24 * HOUR;
const NOTHING: Readonly<Record<ExpiredKind, number>> = {
  sessions: 0,
  oneTimeTokens: 0,
  signInChallenges: 0,
  passkeyChallenges: 0,
  failureCounters: 0,
  outboxEntries: 0,
  idempotencyKeys: 0,
  caseReceipts: 0,
  legacyTickets: 0,
};

/** How a record of a kind comes about, and for how many seconds it is kept from then on. */
interface Life {
  readonly table: keyof ReadonlyMemoryTables;
  readonly plant: (here: World) => Promise<unknown>;
  readonly seconds: number;
}

const login = ({ app }: World, password = PASSWORD) =>
  app.access.login.execute({ email: EMAIL, password, client: NO_CLIENT });

async function claimKey({ adapters, clock }: World): Promise<void> {
  const createdAt = clock.now();
  const record = {
    keyHash: new Uint8Array(32),
    tenantId: SYSTEM.tenantId,
    fingerprint: new Uint8Array(32),
    resourceId: anId(),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + DAY * 1000),
  };
  await adapters.unitOfWork.run(SYSTEM.tenantId, ({ idempotencyKeys }) => idempotencyKeys.claim(record));
}

const LIVES: Readonly<Record<ExpiredKind, Life>> = {
  sessions: {
    table: 'sessions',
    plant: async (here) => {
      const { actor } = await here.patient({ email: EMAIL });
      await here.app.access.logout.execute({ actor });
    },
    seconds: 2 * HOUR,
  },
  oneTimeTokens: {
    table: 'oneTimeTokens',
    plant: async (here) => {
      await here.patient({ email: EMAIL });
      await here.app.identity.requestPasswordReset.execute({ email: EMAIL });
      await here.deliver();
    },
    // A link to a new password counts for an hour.
    seconds: HOUR + HOUR,
  },
  signInChallenges: {
    table: 'signInChallenges',
    plant: async (here) => {
      await enrolTotp(here, (await here.patient({ email: EMAIL })).actor);
      await login(here);
    },
    seconds: 300 + HOUR,
  },
  passkeyChallenges: {
    table: 'passkeyChallenges',
    plant: ({ app }) => app.access.beginPasskeyAuthentication.execute({}),
    seconds: 300 + HOUR,
  },
  failureCounters: {
    table: 'failureCounters',
    plant: async (here) => {
      for (let failures = 0; failures < 10; failures += 1) await refusalOf(login(here, 'wrong password'));
    },
    seconds: DAY,
  },
  outboxEntries: {
    table: 'outboxEntries',
    plant: async (here) => {
      await here.patient({ email: EMAIL });
      await here.app.identity.requestPasswordReset.execute({ email: EMAIL });
      await here.deliver();
    },
    seconds: 30 * DAY,
  },
  idempotencyKeys: { table: 'idempotencyKeys', plant: claimKey, seconds: DAY + HOUR },
  caseReceipts: {
    table: 'caseReceipts',
    plant: ({ app }) =>
      app.cases.submitCase.execute({ actor: ANONYMOUS, language: 'en', question: 'Is it a fracture?' }),
    seconds: DAY + 30 * DAY,
  },
  legacyTickets: {
    table: 'legacyTickets',
    plant: ({ adapters, clock }) =>
      adapters.legacyTickets.add(
        createLegacyTicket({ hash: new Uint8Array(32), sid: 'sid', subject: SUBJECT }, clock.now()),
      ),
    seconds: 600 + HOUR,
  },
};

describe('PurgeExpired', () => {
  let here: World;

  beforeEach(() => {
    here = world();
  });

  const purge = (app = here.app) => app.access.purgeExpired.execute({ actor: SYSTEM });

  for (const [kind, { plant, seconds, table }] of Object.entries(LIVES) as [ExpiredKind, Life][]) {
    it(`removes ${kind} that have been over for long enough, and no moment sooner`, async () => {
      await plant(here);
      const planted = (await here.rows(table)).length;
      expect(planted).to.be.at.least(1);
      here.clock.advance(seconds);
      expect((await purge())[kind]).to.equal(0);
      expect(await here.rows(table)).to.have.length(planted);
      here.clock.advance(0.001);
      expect((await purge())[kind]).to.equal(planted);
      expect(await here.rows(table)).to.deep.equal([]);
    });
  }

  it('removes a session that nobody ended when its whole life has been over for long enough, with its tokens', async () => {
    await here.patient();
    here.clock.advance(5_000 + 2 * HOUR);
    expect(await purge()).to.deep.equal(NOTHING);
    expect(await here.rows('refreshTokens')).to.have.length(1);
    here.clock.advance(0.001);
    expect(await purge()).to.deep.equal({ ...NOTHING, sessions: 1 });
    expect(await here.rows('refreshTokens')).to.deep.equal([]);
  });

  it('leaves what waits in the outbox, and accounts, cases and the audit trail for ever', async () => {
    const { actor } = await here.patient({ email: EMAIL });
    await here.app.cases.submitCase.execute({ actor, language: 'en', question: 'Is it a fracture?' });
    await here.app.identity.requestPasswordReset.execute({ email: EMAIL });
    const tables = ['users', 'cases', 'caseMessages', 'caseEvents', 'auditEntries', 'outboxEntries'] as const;
    const before = await Promise.all(tables.map((table) => here.rows(table)));
    for (const rows of before) expect(rows).not.to.deep.equal([]);
    here.clock.advance(3_650 * DAY);
    await purge();
    expect(await Promise.all(tables.map((table) => here.rows(table)))).to.deep.equal(before);
  });

  it('works in batches until one is not full', async () => {
    const batches = [1_000, 1_000, 3];
    const limits: number[] = [];
    const expiredRecords = {
      remove: (kind: ExpiredKind, _: Date, limit: number) => {
        if (kind !== 'failureCounters') return Promise.resolve(0);
        limits.push(limit);
        return Promise.resolve(batches[limits.length - 1] ?? 0);
      },
    };
    expect(await purge(compose({ ...here.adapters, expiredRecords }))).to.deep.equal({
      ...NOTHING,
      failureCounters: 2_003,
    });
    expect(limits).to.deep.equal([1_000, 1_000, 1_000]);
  });

  it('removes all other kinds where some fail, and then says which', async () => {
    const asked: ExpiredKind[] = [];
    const fault = Object.assign(new Error('It took too long.'), { code: '57014' });
    const expiredRecords = {
      remove: (kind: ExpiredKind) => {
        asked.push(kind);
        const isBroken = kind === 'sessions' || kind === 'failureCounters';
        return isBroken ? Promise.reject(fault) : Promise.resolve(0);
      },
    };
    const failure = await faultOf(purge(compose({ ...here.adapters, expiredRecords })));
    expect(asked).to.have.members(Object.keys(NOTHING));
    expect(failure).to.be.instanceOf(AggregateError);
    const { errors } = failure as AggregateError;
    const told = errors.map((error: PartFailed) => [error.code, error.cause]);
    expect(told).to.deep.equal([
      ['sessions: 57014', fault],
      ['failureCounters: 57014', fault],
    ]);
  });

  it('is for nobody but the installation itself', async () => {
    for (const [name, actor] of Object.entries(someActors())) {
      if (actor.kind === 'system') continue;
      const refusal = await refusalOf(here.app.access.purgeExpired.execute({ actor }));
      expect(refusal, name).to.be.instanceOf(actor.kind === 'user' ? Forbidden : Unauthenticated);
    }
  });
});
