import { expect } from 'chai';
import { fillDatabase } from '../../../bench/seed/fill-database.ts';
import { type Installation, openInstallation } from '../../../bench/seed/open-installation.ts';
import { HELD_STATES } from '../../../src/domain/cases/case.ts';
import { readConfig } from '../../../src/main/config/config.ts';
import { RULES, TEXT_OF } from '../../properties/workflow-rules.ts';
import { auditSealing } from '../../support/audit-chain-world.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';
import { makeScratch, type Scratch } from '../embedded-postgres/scratch.ts';

const FEW = 200;
const MORE = 320;

interface CaseRow {
  readonly uuid: string;
  readonly state: string;
  readonly version: number;
  readonly physician: string | null;
  readonly actions: readonly string[];
  readonly kinds: readonly string[];
}

interface TextRow {
  readonly tenant: string;
  readonly row: string;
  readonly key: string;
  readonly body: Uint8Array;
}

const CASES = `SELECT uuid, state, version, physician_uuid AS physician,
    ARRAY(SELECT action FROM audit_entries AS a WHERE a.tenant_uuid = c.tenant_uuid AND subject_id = c.uuid::text
      AND action <> 'cases.text-read' ORDER BY action COLLATE "C") AS actions,
    ARRAY(SELECT kind FROM case_messages WHERE case_uuid = c.uuid ORDER BY kind COLLATE "C") AS kinds
  FROM cases AS c`;
const MESSAGES = 'SELECT tenant_uuid AS tenant, uuid AS row, key_uuid AS key, body FROM case_messages';
const REASONS = 'SELECT tenant_uuid AS tenant, event_uuid AS row, key_uuid AS key, body FROM case_reasons';
const EVERYTHING = `SELECT md5(string_agg(c::text, '' ORDER BY uuid)) AS digest, count(*) AS count FROM cases AS c`;
const UNKNOWN_REQUESTS = `SELECT count(*) AS count FROM cases FULL JOIN rn_requests USING (uuid)
  WHERE cases.uuid IS NULL OR rn_requests.uuid IS NULL OR cases.patient_uuid IS DISTINCT FROM rn_requests.user_uuid`;

describe('Filling a database with cases, for measuring', function () {
  this.timeout(60_000);
  let world: PostgresStoreWorld;
  let scratch: Scratch;
  let installation: Installation;
  const now = new Date();

  before(async () => {
    world = await postgresStoreWorld();
    scratch = await makeScratch();
    installation = await openInstallation(readConfig({ DATABASE_URL: world.url, DATA_DIR: scratch.dataDir }));
    await fill(FEW);
  });
  after(async () => {
    await installation.close();
    await world.close();
    await scratch.remove();
  });

  function fill(wanted: number, signal = new AbortController().signal): Promise<number> {
    return fillDatabase(installation, { wanted, password: '', now, signal, onProgress: () => undefined });
  }
  const read = async <Row>(text: string): Promise<readonly Row[]> =>
    (await world.sql(text)) as readonly Row[];

  it('adds what is missing, and nothing where nothing is', async () => {
    const [before] = await read<object>(EVERYTHING);
    expect(before).to.include({ count: FEW });
    expect(await fill(FEW)).to.equal(0);
    expect(await fill(FEW - 1)).to.equal(0);
    expect(await read(EVERYTHING)).to.deep.equal([before]);
    expect(await fill(MORE)).to.equal(MORE - FEW);
    const [after] = await read<object>(EVERYTHING);
    expect(after).to.include({ count: MORE });
  });

  it('adds nothing more once it was stopped', async () => {
    expect(await fill(MORE + 1, AbortSignal.abort())).to.equal(0);
  });

  it('makes lives that keep the rules of the workflow', async () => {
    for (const found of await read<CaseRow>(CASES)) {
      const events = await world.readEvents(found.uuid);
      expect(events.map(({ version }) => version)).to.deep.equal(events.map((_event, index) => index + 1));
      expect(events.at(-1)).to.include({ version: found.version, to: found.state });
      events.forEach(({ actorRole, at, from, to, type }, index) => {
        const former = events[index - 1];
        expect(from).to.equal(former?.to ?? null);
        expect(at >= (former?.at ?? at) && at <= now, `${type} after what was before it`).to.equal(true);
        expect(RULES[type].from, type).to.include(from);
        expect(RULES[type].to, type).to.include.oneOf(from === to ? [to, 'same'] : [to]);
        expect(RULES[type].by, type).to.include(actorRole);
      });
      expect(found.actions).to.deep.equal(events.map(({ type }) => `cases.${type}`).toSorted());
      expect(found.kinds).to.deep.equal(events.flatMap(({ type }) => TEXT_OF[type] ?? []).toSorted());
    }
  });

  it('brings most cases to their end, as a practice does', async () => {
    const states = (await read<CaseRow>(CASES)).map(({ state }) => state);
    expect(states.filter((state) => state === 'closed').length).to.be.at.least(states.length / 2);
    expect(states.filter((state) => state === 'queued').length).to.be.within(1, states.length / 5);
  });

  it('assigns exactly the cases that somebody has', async () => {
    for (const { physician, state, uuid } of await read<CaseRow>(CASES)) {
      expect(physician !== null, state).to.equal((HELD_STATES as readonly string[]).includes(state));
      expect((await world.readAssignment(uuid))?.physicianId ?? null).to.equal(physician);
    }
  });

  it('gives the legacy service a row for each case, of the same patient', async () => {
    expect(await read(UNKNOWN_REQUESTS)).to.deep.equal([{ count: 0 }]);
  });

  it('seals texts that open', async () => {
    const messages = await read<TextRow>(MESSAGES);
    const reasons = await read<TextRow>(REASONS);
    expect(messages.length).to.be.at.least(MORE);
    expect(reasons).to.not.deep.equal([]);
    const opened = [
      ...messages.map((text) => open(text, 'case_messages')),
      ...reasons.map((text) => open(text, 'case_reasons')),
    ];
    for (const text of await Promise.all(opened)) expect(text).to.match(/\p{L}+ \p{L}+/u);
  });

  function open(
    { tenant, row, key, body }: TextRow,
    table: 'case_messages' | 'case_reasons',
  ): Promise<string> {
    const place = { tenantId: tenant, table, column: 'body', rowId: row };
    return installation.textCipher.open(place, { keyId: key, bytes: body });
  }

  it('leaves a trail that can be sealed and proven', async () => {
    const [trail] = await read<{ readonly count: number }>('SELECT count(*) AS count FROM audit_entries');
    const { seal, verify } = auditSealing(world.auditSeals);
    while ((await seal()) > 0);
    const { entries, findings, unsealed } = await verify();
    expect({ entries, findings, unsealed }).to.deep.equal({
      entries: trail?.count,
      findings: [],
      unsealed: 0,
    });
  });
});
