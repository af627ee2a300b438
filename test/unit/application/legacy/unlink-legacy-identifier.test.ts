import { expect } from 'chai';
import { StepUpRequired } from '../../../../src/domain/access/errors.ts';
import { ConfiguredVendors } from '../../../../src/adapters/vendors/configured-vendors.ts';
import { compose } from '../../../../src/main/compose.ts';
import { aVendor } from '../../../support/builders.ts';
import { legacyDesk } from '../../../support/legacy-desk.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, world } from '../../../support/world.ts';

function unlinkDesk() {
  const w = world();
  const unlink = ({ actor }: Member, linkId: string, app = w.app) =>
    app.legacy.unlinkLegacyIdentifier.execute({ actor, linkId });
  return { w, desk: legacyDesk(w), unlink };
}

describe('Unlinking a legacy identifier', () => {
  it('takes the owner from exactly the rows that the link had stamped', async () => {
    const { w, desk, unlink } = unlinkDesk();
    const patient = await w.patient();
    const mine = await desk.request();
    const other = await desk.request({ userId: 'u-6', identifier: 'avi@records.example' });
    const id = await desk.link(patient);
    await desk.link(patient, { identifier: 'avi@records.example' }, 'avi@records.example');
    expect(await unlink(patient, id)).to.equal(true);
    expect(await desk.ownerOf(mine)).to.equal(null);
    expect(await desk.ownerOf(other)).to.equal(patient.user.id);
    await w.mailTo(patient.user.email, 'legacy-unlinked');
    const [entry] = await w.audited('legacy.unlinked');
    expect(entry?.details).to.deep.equal({ user: patient.user.id, kind: 'email', cases: 1 });
  });

  it('leaves rows to the account that another link of it leads to', async () => {
    const { w, desk, unlink } = unlinkDesk();
    const patient = await w.patient();
    const both = await desk.request();
    const onlyFirst = await desk.request({ userId: null });
    const first = await desk.link(patient);
    const second = await desk.link(patient, { kind: 'legacy_user_id', identifier: 'u-5' });
    await unlink(patient, first);
    expect(await desk.ownerOf(both)).to.equal(patient.user.id);
    expect(await desk.ownerOf(onlyFirst)).to.equal(null);
    const [followed, ...more] = await w.audited('legacy.followed');
    expect(followed).to.deep.include({
      subject: { type: 'legacy-link', id: second },
      details: { user: patient.user.id, cases: 1 },
    });
    expect(more).to.deep.equal([]);
    await unlink(patient, second);
    expect(await desk.ownerOf(both)).to.equal(null);
  });

  it('leaves nothing to another link whose identifier is of several people by now', async () => {
    const { w, desk, unlink } = unlinkDesk();
    const patient = await w.patient();
    const both = await desk.request({ userId: null, identifier: '039337423' });
    const { link } = await desk.claim(patient, { kind: 'national_id', identifier: '039337423' });
    await w.adapters.database.write((tables) => {
      tables.legacyLinks.set(link.id, {
        ...tables.legacyLinks.get(link.id)!,
        status: 'linked',
        proof: 'code',
      });
    });
    await desk.request({ caseId: both, userId: 'u-1', identifier: '039337423' });
    const { link: first } = await desk.grant(patient, { kind: 'legacy_user_id', identifier: 'u-1' });
    expect(await desk.ownerOf(both)).to.equal(patient.user.id);
    await desk.request({ userId: 'u-2', identifier: '039337423' });
    await unlink(patient, first.id);
    expect(await desk.ownerOf(both)).to.equal(null);
    expect(await w.audited('legacy.followed')).to.deep.equal([]);
  });

  it('leaves nothing to another link whose vendor belongs to another tenant by now', async () => {
    const { w, desk, unlink } = unlinkDesk();
    const patient = await w.patient();
    const both = await desk.request();
    const first = await desk.link(patient);
    await desk.link(patient, { kind: 'legacy_user_id', identifier: 'u-5' });
    const { slug } = await w.tenant();
    const vendorDirectory = new ConfiguredVendors([aVendor({ tenant: slug })]);
    await unlink(patient, first, compose({ ...w.adapters, vendorDirectory }));
    expect(await desk.ownerOf(both)).to.equal(null);
  });

  it('lets somebody else link it afterwards, and himself again', async () => {
    const { w, desk, unlink } = unlinkDesk();
    const [patient, other] = [await w.patient(), await w.patient()];
    const mine = await desk.request();
    await unlink(patient, await desk.link(patient));
    const theirs = await desk.link(other);
    expect(await desk.ownerOf(mine)).to.equal(other.user.id);
    await unlink(other, theirs);
    await desk.link(patient);
    expect(await desk.ownerOf(mine)).to.equal(patient.user.id);
  });

  it('gives up a claim without a mail, and leaves alone what is over', async () => {
    const { w, desk, unlink } = unlinkDesk();
    const patient = await w.patient();
    const { link } = await desk.claim(patient);
    expect(await unlink(patient, link.id)).to.equal(true);
    expect(await unlink(patient, link.id)).to.equal(true);
    expect(await w.audited('legacy.unlinked')).to.have.length(1);
    expect(await w.deliver()).to.deep.equal([]);
  });

  it('needs a recent proof, and an own link', async () => {
    const { w, desk, unlink } = unlinkDesk();
    const [patient, other] = [await w.patient(), await w.patient()];
    await desk.request();
    const id = await desk.link(patient);
    expect(await unlink(other, id)).to.equal(false);
    w.clock.advance(301);
    expect(await refusalOf(unlink(patient, id))).to.be.instanceOf(StepUpRequired);
  });
});
