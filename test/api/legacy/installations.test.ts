import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { LegacyPerson, LegacySession } from '../../support/legacy-database.ts';
import { type LegacyApi, startLegacyApi } from '../../support/legacy-api.ts';
import { otherInstallation } from '../../support/legacy/other-installation.ts';
import { usualInstallation } from '../../support/legacy/usual-installation.ts';
import { writingsOf } from '../../support/legacy/written-identifiers.ts';
import { legacyChecksum } from '../../support/legacy-checksum.ts';
import { type Person, PASSWORD } from '../../support/api.ts';
import { everyPage } from '../../support/every-page.ts';
import { runCommand } from '../../support/service-process.ts';
import { eventually } from '../../support/eventually.ts';
import { problemOf } from '../../support/problem-of.ts';

/** Of each installation, the vendor that has a tenant of its own. */
const INSTALLATIONS = [
  { name: 'an installation as most are', installation: usualInstallation, ofClinic: 'second-fund' },
  {
    name: 'an installation with other vendors, columns, secrets and time zone',
    installation: otherInstallation,
    ofClinic: 'portal',
  },
] as const;

for (const { installation, name, ofClinic } of INSTALLATIONS) {
  describe(`On ${name}`, () => {
    let api: LegacyApi;
    let admin: Person;
    let checksum: string;
    before(async () => {
      api = await startLegacyApi(installation, (vendorId) => (vendorId === ofClinic ? 'clinic' : 'default'));
      checksum = await legacyChecksum(api.databaseUrl);
      admin = await api.member('admin');
      await api.tenant({ slug: 'clinic' });
    });
    after(() => api.stop());

    const met = new Set<LegacyPerson>();
    /** Somebody whom no other test has met. */
    const meet = (isIt: (person: LegacyPerson) => boolean): LegacyPerson => {
      const person = api.legacy.people.find((one) => !met.has(one) && isIt(one));
      if (!person) throw new Error(`Nobody of the installation is like that: ${isIt.toString()}`);
      met.add(person);
      return person;
    };
    const isOfPractice = ({ vendorId }: LegacyPerson): boolean => vendorId !== ofClinic;
    /** As people type it. */
    const typed = (vendorId: string | null) => (vendorId === null ? null : ` ${vendorId.toUpperCase()} `);

    const claim = (as: Person, { identifier, kind, vendorId }: LegacyPerson, given: object = {}) => {
      const written = writingsOf(kind, identifier).at(-1);
      const body = { vendorId: typed(vendorId), kind, identifier: written, ...given };
      return api.get('legacyClaimed', 202, 'POST /legacy/links', { as, body });
    };
    const prove = (as: Person, linkId: string, proof: object) =>
      api.send('legacyProven', `POST /legacy/links/${linkId}/proof`, { as, body: proof });
    const legacyCases = (as: Person) =>
      everyPage((cursor) => api.get('cases', 200, `GET /cases?source=legacy&limit=100${cursor}`, { as }));
    const idsOf = async (as: Person): Promise<readonly string[]> =>
      (await legacyCases(as)).map(({ id }) => id);
    const owned = async (user: Person['user']): Promise<readonly unknown[]> =>
      (await api.sql('SELECT uuid FROM rn_requests WHERE user_uuid = $1', [user.id])).map(({ uuid }) => uuid);
    const exchange = (session: LegacySession) => {
      const vendorId = session.person?.vendorId;
      const body = { cookie: session.cookie, ...(vendorId != null && { vendorId }) };
      return api.send('problem', 'POST /auth/legacy-session', { body });
    };

    it('links by a code that goes to the address of the legacy records, and shows the cases', async () => {
      const person = meet((one) => isOfPractice(one) && one.contact !== null && !one.isShared);
      const patient = await api.patient();
      const { linkId } = await claim(patient, person);
      const { code } = await api.mail.next('legacy-link-code', person.contact!);
      const answer = await prove(patient, linkId, { method: 'code', code });
      expect(answer.body).to.deep.equal({ status: 'linked', cases: person.byIdentifier.length });
      expect(await owned(patient.user)).to.have.members(person.byIdentifier);
      const cases = await legacyCases(patient);
      expect(cases.map(({ id }) => id)).to.have.members(person.byIdentifier);
      for (const shown of cases) {
        expect(shown).to.include({ state: 'legacy', source: 'legacy', vendorId: person.vendorId });
        const row = api.legacy.requests.find(({ uuid }) => uuid === shown.id);
        expect(shown.legacyStatus).to.equal(String(row?.status));
      }
      expect(await api.mail.next('legacy-linked', patient.user.email)).to.be.an('object');
    });

    it('gives back exactly what it took when a link is given up', async () => {
      const person = meet((one) => isOfPractice(one) && one.contact !== null && !one.isShared);
      const patient = await api.patient();
      const { linkId } = await claim(patient, person);
      const { code } = await api.mail.next('legacy-link-code', person.contact!);
      await prove(patient, linkId, { method: 'code', code });
      expect(await owned(patient.user)).to.have.members(person.byIdentifier);
      const fresh = await api.get('steppedUp', 200, 'POST /auth/step-up', {
        as: patient,
        body: { password: PASSWORD },
      });
      await api.get('nothing', 204, `DELETE /legacy/links/${linkId}`, { as: fresh });
      expect(await owned(patient.user)).to.deep.equal([]);
      expect(await idsOf(patient)).to.deep.equal([]);
    });

    it('links by a live session of the legacy service, and signs in by it until it ends', async () => {
      const session = api.legacy.sessions.find(
        ({ person, state }) => state === 'live' && person && isOfPractice(person) && !met.has(person),
      );
      const person = session?.person;
      if (!session || !person) throw new Error('Nobody has a live session.');
      met.add(person);
      const { linkTicket: ticket } = problemOf(await exchange(session), 409, 'legacy.link-required');
      const patient = await api.patient();
      const { linkId } = await claim(patient, person, { kind: 'legacy_user_id', identifier: person.userId });
      const answer = await prove(patient, linkId, { method: 'session', ticket });
      expect(answer.body).to.deep.equal({ status: 'linked', cases: person.byUserId.length });
      expect(await idsOf(patient)).to.have.members(person.byUserId);

      const bridged = await api.get('signedIn', 200, 'POST /auth/legacy-session', {
        body: { cookie: session.cookie, ...(person.vendorId !== null && { vendorId: person.vendorId }) },
      });
      expect(bridged.user.id).to.equal(patient.user.id);
      const endsIn = (session.expiresAt.getTime() - Date.now()) / 1000;
      expect(bridged.refreshExpiresIn).to.be.at.most(endsIn + 1);
      const body = { refreshToken: bridged.refreshToken };
      const { refreshToken } = await api.get('tokens', 200, 'POST /auth/refresh', { body });
      await api.sql('DELETE FROM nest_sessions WHERE sid = $1', [session.sid]);
      const ended = await api.send('problem', 'POST /auth/refresh', { body: { refreshToken } });
      expect(ended.status).to.equal(401);
    });

    it('takes a session for live exactly where both of its expiries are to come', async () => {
      const known = api.legacy.sessions.filter(({ person }) => person && !met.has(person));
      const statuses = await Promise.all(
        known.map(async (session) => ({ sid: session.sid, status: (await exchange(session)).status })),
      );
      expect(statuses).to.deep.equal(
        known.map(({ sid, state }) => ({ sid, status: state === 'live' ? 409 : 401 })),
      );
      const visitor = api.legacy.sessions.find(({ person }) => person === null)!;
      expect((await exchange(visitor)).status).to.equal(401);
    });

    it('links by a statement of the vendor', async () => {
      const person = meet((one) => isOfPractice(one) && one.vendorId !== null && !one.isShared);
      const patient = await api.patient();
      const { linkId, methods } = await claim(patient, person);
      expect(methods).to.include('vendor-statement');
      const jwt = await api.vendors.sign(person.vendorId!, { nonce: linkId, identifier: person.identifier });
      const answer = await prove(patient, linkId, { method: 'vendor-statement', jwt });
      expect(answer.body).to.deep.equal({ status: 'linked', cases: person.byIdentifier.length });
    });

    it('leaves an identifier of several user ids to an admin', async () => {
      const person = meet((one) => isOfPractice(one) && one.vendorId !== null && one.isShared);
      const patient = await api.patient();
      const { linkId } = await claim(patient, person);
      const jwt = await api.vendors.sign(person.vendorId!, { nonce: linkId, identifier: person.identifier });
      const answer = await prove(patient, linkId, { method: 'vendor-statement', jwt });
      expect([answer.status, answer.body]).to.deep.equal([202, { status: 'waiting-for-admin' }]);
      expect(await idsOf(patient)).to.deep.equal([]);
      const waiting = await api.get('legacyClaims', 200, 'GET /legacy/claims?status=waiting-for-admin', {
        as: admin,
      });
      expect(waiting.items.map(({ id }) => id)).to.deep.equal([linkId]);
      const body = { reason: 'He brought his papers.' };
      const decided = await api.get('legacyDecided', 200, `POST /legacy/claims/${linkId}/approve`, {
        as: admin,
        body,
      });
      expect(decided.cases).to.equal(person.byIdentifier.length);
      expect(await idsOf(patient)).to.have.members(person.byIdentifier);
      expect(await api.mail.next('legacy-claim-approved', patient.user.email)).to.be.an('object');
    });

    it('keeps a vendor’s people and cases to its tenant', async () => {
      const person = meet(({ isShared, vendorId }) => vendorId === ofClinic && !isShared);
      const [outsider, insider] = [await api.patient(), await api.patient('clinic')];
      for (const [patient, status] of [
        [outsider, 401],
        [insider, 200],
      ] as const) {
        const { linkId } = await claim(patient, person);
        const jwt = await api.vendors.sign(ofClinic, { nonce: linkId, identifier: person.identifier });
        expect((await prove(patient, linkId, { method: 'vendor-statement', jwt })).status).to.equal(status);
      }
      expect(await idsOf(insider)).to.have.members(person.byIdentifier);
    });

    it('takes in people by the operator’s commands, and links them by his word', async () => {
      const people = api.legacy.people.filter(
        (one) => !met.has(one) && isOfPractice(one) && !one.isShared && one.userId !== null,
      );
      const cell = (text: string | null) => JSON.stringify(text ?? '');
      const emailOf = ({ userId }: LegacyPerson) =>
        `of-${String(userId).replaceAll('@', '-')}@imported.example`;
      const lines = people.map((one) =>
        [emailOf(one), typed(one.vendorId), writingsOf(one.kind, one.identifier).at(-1)!, one.userId]
          .map(cell)
          .join(','),
      );
      const file = join(api.folder, 'people.csv');
      writeFileSync(file, ['email,vendor_id,user_identifier,legacy_user_id', ...lines, ''].join('\n'));
      const counts = `${people.length * 2} identifiers`;
      for (const [command, printed] of [
        [['users', 'import', file], `imported ${people.length}, already there 0, refused 0, report: none\n`],
        [['legacy', 'link', file, '--reason', 'Known to us.'], `linked ${counts} `],
        [['legacy', 'backfill', '--dry-run'], '0 rows would get their owner'],
        [['legacy', 'reconcile'], 'nothing wrong\n'],
      ] as const) {
        const { code, stderr, stdout } = await runCommand(command, api.env);
        expect({ code, stdout }, stderr).to.have.property('code', 0);
        expect(stdout).to.include(printed);
      }
      const owned = await api.sql(
        'SELECT r.uuid, u.email FROM rn_requests AS r JOIN users AS u ON u.uuid = r.user_uuid',
      );
      const owners = new Map(owned.map(({ email, uuid }) => [uuid, email]));
      for (const person of people) {
        for (const uuid of [...person.byIdentifier, ...person.byUserId]) {
          expect(owners.get(uuid)).to.equal(emailOf(person));
        }
      }
    }).timeout(60_000);

    it('shows every case to the admins of its vendor’s tenant, and lets them adopt it', async () => {
      const isOfClinic = (text: string | null) => text?.trim().toLowerCase() === ofClinic;
      const [ofTheClinic, ofThePractice] = [true, false].map((expected) =>
        api.legacy.requests.filter((row) => isOfClinic(row.vendor_id) === expected).map(({ uuid }) => uuid),
      );
      const clinicAdmin = await api.member('admin', 'clinic');
      await eventually(async () => {
        const [state] = await api.sql('SELECT completed_at FROM legacy_index_state');
        return state?.['completed_at'] != null;
      });
      expect(await idsOf(clinicAdmin)).to.have.members(ofTheClinic!);
      expect(await idsOf(admin)).to.have.members(ofThePractice!);
      const [first] = ofThePractice!;
      const adopt = `POST /cases/${first!}/adopt-legacy`;
      expect((await api.send('problem', adopt, { as: clinicAdmin })).status).to.equal(404);
      const { case: adopted } = await api.get('case', 200, adopt, { as: admin });
      expect(adopted).to.include({ id: first, state: 'queued' });
    });

    it('leaves every value of the legacy service as it was', async () => {
      const sids = api.legacy.sessions.map(({ sid }) => sid);
      const gone = await api.sql(
        'SELECT sid FROM unnest($1::text[]) AS sid WHERE sid NOT IN (SELECT sid FROM nest_sessions)',
        [sids],
      );
      // The test itself has signed somebody out there.
      for (const { sid } of gone) {
        const { expire, sess } = api.legacy.sessions.find((session) => session.sid === sid)!;
        await api.sql(
          `INSERT INTO nest_sessions (sid, sess, expire) VALUES ($1, $2, $3::timestamptz AT TIME ZONE $4)`,
          [sid, JSON.stringify(sess), expire.toISOString(), installation.sessionTimeZone],
        );
      }
      expect(await legacyChecksum(api.databaseUrl)).to.equal(checksum);
    });
  });
}
