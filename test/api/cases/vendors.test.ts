import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { aPhysician, type PhysicianPerson } from '../../support/a-physician.ts';
import type { TenantAnswer } from '../../support/api-bodies.ts';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { type CaseDesk, caseDesk } from '../../support/case-desk.ts';
import { eventually } from '../../support/eventually.ts';
import { problemOf } from '../../support/problem-of.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const VENDORS = [
  { vendorId: 'NORTH ', tenant: 'clinic', privatePool: 'north pool' },
  { vendorId: 'south', tenant: 'clinic' },
  { vendorId: 'own', tenant: 'default', privatePool: 'own pool' },
];

describe('The case of a vendor', () => {
  let folder: string;
  let api: Api;
  let desk: CaseDesk;
  let admin: Person;
  let patient: Person;
  let clinic: TenantAnswer;
  let clinicAdmin: Person;
  let clinicPatient: Person;
  before(async () => {
    folder = temporaryFolder('casegate-vendors-');
    const file = join(folder, 'vendors.json');
    writeFileSync(file, JSON.stringify(VENDORS));
    api = await startApi({ VENDORS: file });
    desk = caseDesk(api);
    // Made after the start, which is allowed.
    clinic = await api.tenant({ slug: 'clinic' });
    [admin, patient] = [await api.member('admin'), await api.patient()];
    [clinicAdmin, clinicPatient] = [await api.member('admin', 'clinic'), await api.patient('clinic')];
  });
  after(async () => {
    await api.stop();
    rmSync(folder, { recursive: true });
  });

  const isInQueueOf = async (as: Person, id: string): Promise<boolean> =>
    (await desk.queue(as)).some((item) => item.id === id);

  describe('201', () => {
    it('goes to the closed pool of its vendor, however the vendor is spelled, and says so while nobody is there', async () => {
      const made = await desk.submit(clinicPatient, { vendorId: ' North', language: 'ka' });
      expect(made).to.deep.include({
        tenantId: clinic.id,
        vendorId: 'north',
        pool: 'north pool',
        flags: ['no-candidate'],
      });
      await aPhysician(api, { tenant: 'clinic', admin: clinicAdmin, languagePreference: 'ka' });
      const again = await desk.submit(clinicPatient, { vendorId: 'north', language: 'ka' });
      expect(again).to.deep.include({ flags: ['no-candidate'] });
      const given = { admin: clinicAdmin, languagePreference: 'ka', privatePool: 'north pool' };
      await aPhysician(api, { tenant: 'clinic', ...given });
      const third = await desk.submit(clinicPatient, { vendorId: 'north', language: 'ka' });
      expect(third).to.deep.include({ pool: 'north pool', flags: [] });
    });

    it('goes to the pool of its tenant where the vendor has none, or belongs to another tenant, or is not listed', async () => {
      for (const vendorId of ['south', 'own', 'west']) {
        expect(await desk.submit(clinicPatient, { vendorId })).to.include({ pool: null, vendorId });
      }
      expect(await desk.submit(patient, { vendorId: 'north' })).to.include({ pool: null, vendorId: 'north' });
      expect(await desk.submit(patient, { vendorId: 'OWN' })).to.include({
        pool: 'own pool',
        vendorId: 'own',
      });
      expect(await desk.submit(patient, { vendorId: '  ' })).to.include({ pool: null, vendorId: null });
    });

    it('goes there also without an account', async () => {
      expect(await desk.submit(undefined, { vendorId: 'own' })).to.include({ pool: 'own pool' });
    });

    it('tells the legacy service the vendor in one spelling', async () => {
      const { id } = await desk.submit(clinicPatient, { vendorId: 'NORTH' });
      const [row] = await api.sql('SELECT vendor_id FROM rn_requests WHERE uuid = $1', [id]);
      expect(row).to.deep.equal({ vendor_id: 'north' });
    });
  });

  describe('in its pool', () => {
    let ofPool: PhysicianPerson;
    let ofPractice: PhysicianPerson;
    let shared: PhysicianPerson;
    before(async () => {
      ofPool = await aPhysician(api, { tenant: 'clinic', admin: clinicAdmin, privatePool: 'north pool' });
      ofPractice = await aPhysician(api, { admin, privatePool: 'north pool' });
      shared = await aPhysician(api, { tenant: 'clinic', admin: clinicAdmin });
    });

    it('is for the physicians of the pool, of the tenant and of the practice, and for nobody else', async () => {
      const { id } = await desk.submit(clinicPatient, { vendorId: 'north' });
      expect(await isInQueueOf(ofPool, id)).to.be.true;
      expect(await isInQueueOf(ofPractice, id)).to.be.true;
      expect(await isInQueueOf(shared, id)).to.be.false;
      problemOf(await desk.attempt('claim', id, shared), 403, 'access.forbidden');
      expect(await desk.act('claim', id, ofPractice)).to.include({ state: 'assigned' });
    });

    it('overflows to the shared physicians where its tenant lets it', async () => {
      const body = { allowOverflow: true };
      await api.get('tenant', 200, `PATCH /tenants/${clinic.id}`, { as: admin, body });
      const { id } = await desk.submit(clinicPatient, { vendorId: 'north' });
      await api.sql(
        `UPDATE cases SET created_at = created_at - interval '60 hours', state_since = state_since - interval '60 hours',
          due_at = due_at - interval '60 hours', timer_at = now() - interval '1 hour' WHERE uuid = $1`,
        [id],
      );
      await eventually(async () => (await desk.read(id, clinicAdmin)).flags.includes('overflow'), 20_000);
      expect(await isInQueueOf(shared, id)).to.be.true;
    });
  });
});
