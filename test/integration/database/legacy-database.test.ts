import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { makeLegacyDatabase, type LegacyDatabase } from '../../support/legacy-database.ts';
import { otherInstallation } from '../../support/legacy/other-installation.ts';
import { usualInstallation } from '../../support/legacy/usual-installation.ts';
import { LegacyWriter, withClient } from '../../support/legacy-service.ts';
import { emptyDatabase, type TestDatabase } from '../../support/postgres.ts';

const NOW = new Date('2026-11-23T12:00:00.000Z');

for (const [name, installation] of Object.entries({ usualInstallation, otherInstallation })) {
  describe(`The database of ${name}`, () => {
    let database: TestDatabase;
    let made: LegacyDatabase;
    before(async () => {
      database = await emptyDatabase();
      made = await makeLegacyDatabase(database.url, installation, NOW);
    });
    after(() => database.drop());

    const rowsOf = (text: string, values: readonly unknown[] = []) =>
      withClient(
        database.url,
        async (client) => (await client.query<Record<string, unknown>>(text, [...values])).rows,
      );

    it('holds every row as it was made up, and defaults in columns of its own', async () => {
      const rows = await rowsOf('SELECT * FROM rn_requests');
      expect(rows).to.have.length(made.requests.length);
      const byId = new Map(rows.map((row) => [row['uuid'], row]));
      for (const request of made.requests) {
        const { user_crypt, user_id, user_identifier, vendor_id } = request;
        expect(byId.get(request.uuid)).to.include({ user_crypt, user_id, user_identifier, vendor_id });
      }
      const hasOwn = installation.extraColumns.length > 0;
      expect(rows.every((row) => row['clinic_code'] === (hasOwn ? 'main' : undefined))).to.equal(true);
      expect(byId.values().next().value).to.have.property('status').that.is.not.equal(null);
    });

    it('holds every session until when it lives, in local time', async () => {
      const rows = await rowsOf('SELECT sid, sess, expire AT TIME ZONE $1 AS expire FROM nest_sessions', [
        installation.sessionTimeZone,
      ]);
      const expected = made.sessions.map(({ expire, sess, sid }) => ({ sid, sess, expire }));
      expect(rows).to.have.deep.members(expected);
    });

    it('is one that the legacy service works on', async () => {
      const writer = await LegacyWriter.start(database.url);
      await setTimeout(50);
      await writer.stop();
      expect(writer.failures).to.deep.equal([]);
      expect(writer.statements).to.be.greaterThan(0);
    });
  });
}
