import { expect } from 'chai';
import { legacyChecksum } from '../support/legacy-checksum.ts';
import { legacyDefinition } from '../support/legacy-definition.ts';
import { LegacyWriter, makeLegacyTables, withClient } from '../support/legacy-service.ts';
import { emptyDatabase, type TestDatabase } from '../support/postgres.ts';
import { endCasegateProcesses, runCommand } from '../support/service-process.ts';

/** What an installation may have on its table besides columns. */
const EXTRAS = `
CREATE FUNCTION note_request() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER note_request BEFORE UPDATE ON rn_requests FOR EACH ROW EXECUTE FUNCTION note_request();
CREATE VIEW open_requests AS SELECT * FROM rn_requests WHERE status = 'new';
ALTER TABLE rn_requests ADD CONSTRAINT rn_requests_clinic_check CHECK (clinic_code <> '') NOT VALID;
COMMENT ON COLUMN rn_requests.clinic_code IS 'where it came in';
CREATE STATISTICS rn_requests_stats ON vendor_id, status FROM rn_requests;
ALTER TABLE rn_requests SET (fillfactor = 90)`;

describe('casegate migrate beside a legacy service that goes on', () => {
  let database: TestDatabase;

  before(async () => {
    database = await emptyDatabase();
    await makeLegacyTables(database.url);
    await withClient(database.url, (client) => client.query(EXTRAS));
  });
  after(async () => {
    await endCasegateProcesses();
    await database.drop();
  });

  it('goes up, down to nothing and up again, and leaves its statements, values and definitions alone', async () => {
    const [checksum, definition] = [await legacyChecksum(database.url), await legacyDefinition(database.url)];
    const writers = [await LegacyWriter.start(database.url), await LegacyWriter.start(database.url)];
    for (const args of [['up'], ['down', '--all'], ['up'], ['down', '--all']]) {
      const { code, stderr } = await runCommand(['migrate', ...args], { DATABASE_URL: database.url });
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(await legacyChecksum(database.url)).to.equal(checksum);
      if (args.includes('down')) expect(await legacyDefinition(database.url)).to.deep.equal(definition);
    }
    await Promise.all(writers.map((writer) => writer.stop()));
    for (const { failures, slowestMs, statements } of writers) {
      expect(failures).to.deep.equal([]);
      expect(statements).to.be.greaterThan(100);
      expect(slowestMs).to.be.lessThan(1_000);
    }
  }).timeout(60_000);
});
