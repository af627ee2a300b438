import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { aPhysician, type PhysicianPerson } from '../../support/a-physician.ts';
import type { CaseAnswer } from '../../support/api-bodies.ts';
import type { Api, Person } from '../../support/api.ts';
import { type CaseDesk, caseDesk } from '../../support/case-desk.ts';
import { everyPage } from '../../support/every-page.ts';
import { type LegacyCaseDesk, legacyCaseDesk } from '../../support/legacy-case-desk.ts';
import { problemOf } from '../../support/problem-of.ts';

const ASKED = 'האם נדרש ניתוח?';
const VERBS = {
  patient: ['reply', 'follow-up', 'close', 'cancel'],
  admin: ['assign', 'reassign', 'release', 'cancel', 'void', 'break-glass'],
} as const;

const idsOf = (cases: readonly CaseAnswer[]) => cases.map(({ id }) => id);

describe('Cases of the legacy service', () => {
  let legacy: LegacyCaseDesk;
  let api: Api;
  let desk: CaseDesk;
  let patient: Person;
  let admins: Readonly<Record<'north' | 'south' | 'default', Person>>;
  let physician: PhysicianPerson;
  let owned: string;

  before(async () => {
    legacy = await legacyCaseDesk();
    api = legacy.api;
    desk = caseDesk(api);
    patient = await api.patient('north');
    admins = {
      north: await api.member('admin', 'north'),
      south: await api.member('admin', 'south'),
      default: await api.member('admin'),
    };
    physician = await aPhysician(api, { languages: ['he', 'en'], privatePool: 'northern' });
    const row = { vendor_id: ' NORTH', language: 'iw', question: ASKED, status: 'in progress' };
    owned = await legacy.write({ ...row, created_at: '2026-02-03T04:05:06.789123Z' }, patient);
    await legacy.indexed();
  });
  after(() => legacy.stop());

  const read = (as: Person, id = owned) => api.send('case', `GET /cases/${id}`, { as });
  const readings = async (id: string) =>
    api.sql(`SELECT actor_id FROM audit_entries WHERE action = 'cases.text-read' AND subject_id = $1`, [id]);

  it('are read by whom they are linked to, with the text, which the audit trail has', async () => {
    const before = (await readings(owned)).length;
    const { body, status } = await read(patient);
    expect(status).to.equal(200);
    const createdAt = '2026-02-03T04:05:06.789Z';
    const message = { id: owned, kind: 'question', authorRole: 'patient', text: ASKED, at: createdAt };
    expect(body.case).to.deep.equal({
      ...{ id: owned, state: 'legacy', legacyStatus: 'in progress', source: 'legacy', version: 1 },
      ...{ language: 'he', priority: 'routine', specialty: null, pool: null, vendorId: 'north', flags: [] },
      ...{ patientId: patient.user.id, physicianId: null, tenantId: patient.user.tenantId },
      ...{ createdAt, updatedAt: createdAt, dueAt: createdAt },
      ...{ question: ASKED, answer: null, messages: [message], reasons: [] },
    });
    expect((await readings(owned)).slice(before)).to.deep.equal([{ actor_id: patient.user.id }]);
  });

  it('are read by admins of the tenant of their vendor, without the text', async () => {
    const before = (await readings(owned)).length;
    const { body } = await read(admins.north);
    expect(body.case).to.include({
      id: owned,
      source: 'legacy',
      patientId: patient.user.id,
      vendorId: 'north',
    });
    expect(body.case).to.not.have.any.keys('question', 'messages', 'reasons', 'answer');
    expect(await readings(owned)).to.have.length(before);
  });

  it('404 for everybody else, who finds them in no list', async () => {
    const others = [
      ...[admins.south, admins.default, physician, await aPhysician(api, { tenant: 'north' })],
      ...[await api.patient('north'), await api.patient('south'), await api.patient()],
    ];
    for (const other of others) {
      expect((await read(other)).status).to.equal(404);
      expect(await legacy.list(other, '&source=legacy')).to.deep.equal([]);
      expect(idsOf(await legacy.list(other))).not.to.include(owned);
      problemOf(
        await api.send('problem', `GET /cases/${owned}/events`, { as: other }),
        404,
        'request.not-found',
      );
    }
    expect(idsOf(await legacy.list(patient, '&source=legacy'))).to.deep.equal([owned]);
    expect(idsOf(await legacy.list(admins.north, '&state=legacy'))).to.deep.equal([owned]);
  });

  it('of vendors that nobody lists, and of none, are the practice’s', async () => {
    const ids = [
      await legacy.write({ vendor_id: 'elsewhere', question: ASKED }),
      await legacy.write({ question: ASKED }),
      await legacy.write({ vendor_id: '  ' }),
    ];
    await legacy.indexed();
    for (const id of ids) {
      expect((await read(admins.default, id)).status).to.equal(200);
      expect((await read(admins.north, id)).status).to.equal(404);
    }
    expect(idsOf(await legacy.list(admins.default, '&source=legacy'))).to.have.members(ids);
    await api.sql('DELETE FROM rn_requests WHERE uuid = ANY ($1)', [ids]);
    expect(await legacy.list(admins.default, '&source=legacy')).to.deep.equal([]);
    expect((await read(admins.default, ids[0])).status).to.equal(404);
  });

  it('have no events', async () => {
    expect(await desk.events(owned, patient)).to.deep.equal([]);
    expect(await desk.events(owned, admins.north)).to.deep.equal([]);
  });

  it('409 for every act on them, and nothing is changed', async () => {
    const before = await read(patient);
    const assignee = { physicianId: physician.physician.id };
    for (const verb of VERBS.patient) {
      await desk.refused(409, 'cases.not-allowed-in-state', verb, owned, patient);
      await desk.refused(404, 'request.not-found', verb, owned, await api.patient('north'));
    }
    for (const verb of VERBS.admin) {
      const body = verb.endsWith('assign') ? assignee : verb === 'break-glass' ? { reason: 'Why not.' } : {};
      await desk.refused(409, 'cases.not-allowed-in-state', verb, owned, admins.north, body);
      await desk.refused(404, 'request.not-found', verb, owned, admins.south, body);
    }
    await desk.refused(404, 'request.not-found', 'claim', owned, physician);
    await desk.refused(409, 'cases.conflict', 'cancel', owned, patient, { version: 2 });
    expect((await read(patient)).body).to.deep.equal(before.body);
  });

  it('say nothing where their rows say nothing', async () => {
    const id = await legacy.write({ vendor_id: 'north', language: 'unknown?' }, patient);
    const { body } = await read(patient, id);
    expect(body.case).to.deep.include({ language: 'und', question: '', answer: null, messages: [] });
    await api.sql('UPDATE rn_requests SET status = NULL WHERE uuid = $1', [id]);
    expect((await read(admins.north, id)).body.case).to.include({ legacyStatus: null });
    await api.sql('DELETE FROM rn_requests WHERE uuid = $1', [id]);
  });

  describe('in GET /cases', () => {
    let reader: Person;
    let all: readonly string[];

    before(async () => {
      reader = await api.patient('south');
      const beginning = Date.now() - 1_800_000;
      const rows: { readonly id: string; readonly at: number }[] = [];
      for (let index = 0; index < 30; index += 1) {
        // Of each moment two of the legacy service and one with a workflow.
        const at = beginning + Math.floor(index / 3) * 60_000;
        const created_at = new Date(at).toISOString();
        const language = index % 2 === 0 ? 'ru' : 'en';
        if (index % 3 < 2) {
          rows.push({ id: await legacy.write({ vendor_id: 'South ', created_at, language }, reader), at });
        } else {
          const { id } = await desk.submit(reader, { language });
          await api.sql('UPDATE cases SET created_at = $2 WHERE uuid = $1', [id, created_at]);
          rows.push({ id, at });
        }
      }
      all = rows.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
      await legacy.indexed();
    });

    for (const limit of [1, 2, 7, 100]) {
      it(`come once each among the others, the newest first, by pages of ${String(limit)}`, async () => {
        for (const as of [reader, admins.south]) {
          const seen = await everyPage((cursor) =>
            api.get('cases', 200, `GET /cases?limit=${String(limit)}${cursor}`, { as }),
          );
          expect(idsOf(seen)).to.deep.equal(all);
        }
      });
    }

    it('are told apart by source, state and language', async () => {
      for (const as of [reader, admins.south]) {
        const own = await legacy.list(as, '&source=casegate');
        expect(own).to.have.length(10);
        expect(own.every(({ source, state }) => source === 'casegate' && state === 'queued')).to.equal(true);
        for (const query of ['&source=legacy', '&state=legacy', '&state=legacy&source=legacy']) {
          const seen = await legacy.list(as, query);
          expect(seen).to.have.length(20);
          expect(seen.every(({ source, state }) => source === 'legacy' && state === 'legacy')).to.equal(true);
        }
        expect(idsOf(await legacy.list(as, '&state=queued'))).to.deep.equal(idsOf(own));
        expect(await legacy.list(as, '&state=queued&source=legacy')).to.deep.equal([]);
        expect(await legacy.list(as, '&state=legacy&source=casegate')).to.deep.equal([]);
        const russian = await legacy.list(as, '&language=RU');
        expect(russian).to.have.length(15);
        expect(idsOf(russian)).to.deep.equal(
          idsOf((await legacy.list(as)).filter(({ language }) => language === 'ru')),
        );
        expect(await legacy.list(as, '&language=ru&source=legacy')).to.have.length(10);
        expect(await legacy.list(as, '&language=fr')).to.deep.equal([]);
      }
    });

    it('hold no text', async () => {
      for (const item of await legacy.list(reader, '&source=legacy')) {
        expect(item).to.not.have.any.keys('question', 'messages', 'answer');
        expect(item).to.include({ legacyStatus: 'new', vendorId: 'south' });
      }
    });

    it('are in no queue', async () => {
      expect((await desk.queue(admins.south)).every(({ state }) => state === 'queued')).to.equal(true);
      problemOf(
        await api.send('problem', 'GET /cases?view=queue&source=legacy', { as: admins.south }),
        422,
        'request.invalid',
      );
    });

    it('404 where there is none, and nobody is told why', async () => {
      problemOf(
        await api.send('problem', `GET /cases/${randomUUID()}`, { as: reader }),
        404,
        'request.not-found',
      );
    });
  });
});
