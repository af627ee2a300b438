import { expect } from 'chai';
import { Forbidden, ReasonRejected } from '../../../../src/domain/access/errors.ts';
import { ConfiguredVendors } from '../../../../src/adapters/vendors/configured-vendors.ts';
import {
  ClaimDecided,
  IdentifierIsPlaceholder,
  LinkAccountUnknown,
} from '../../../../src/domain/legacy/errors.ts';
import { aVendor, SYSTEM } from '../../../support/builders.ts';
import { legacyDesk } from '../../../support/legacy-desk.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, world } from '../../../support/world.ts';

const ALL = { limit: 100, after: null };

function disputeDesk() {
  const w = world();
  const desk = legacyDesk(w);
  const decide = (
    how: 'approve' | 'reject',
    admin: Member,
    claimId: string,
    reason = 'Seen on the passport',
  ) => {
    const command = { actor: admin.actor, claimId, reason };
    return how === 'approve'
      ? w.app.legacy.approveLegacyClaim.execute(command)
      : w.app.legacy.rejectLegacyClaim.execute(command);
  };
  const claimsOf = async (admin: Member) =>
    (await w.app.legacy.listLegacyClaims.execute({ actor: admin.actor, status: null, page: ALL })).items;
  const statusOf = async (member: Member, id: string) => {
    const { items } = await w.app.legacy.listLegacyLinks.execute({ actor: member.actor, page: ALL });
    return items.find(({ link }) => link.id === id)?.link.status;
  };
  return { w, desk, decide, claimsOf, statusOf };
}

describe('A disputed claim to a legacy identifier', () => {
  it('waits for an admin where somebody has the identifier, who keeps it and is told', async () => {
    const { w, desk, claimsOf, statusOf } = disputeDesk();
    const mine = await desk.request();
    const [owner, rival, admin] = [await w.patient(), await w.patient(), await w.member('admin')];
    const linkId = await desk.link(owner);
    const { link } = await desk.claim(rival);
    const code = await desk.codeTo('dana@records.example');
    const proof = { method: 'code', code } as const;
    expect(await desk.prove(rival, link.id, proof)).to.deep.equal({ status: 'waiting-for-admin' });
    expect(await desk.prove(rival, link.id, proof)).to.deep.equal({ status: 'waiting-for-admin' });
    expect(await desk.ownerOf(mine)).to.equal(owner.user.id);
    expect(await statusOf(owner, linkId)).to.equal('linked');
    await w.mailTo(owner.user.email, 'legacy-rival-claim');
    const [claim] = await claimsOf(admin);
    expect(claim).to.deep.include({ identifier: 'dana@records.example' });
    expect(claim?.link).to.include({
      id: link.id,
      status: 'waiting-for-admin',
      proof: 'code',
      userId: rival.user.id,
    });
    expect(await w.audited('legacy.claim-deferred')).to.have.length(1);
  });

  it('waits where somebody has the rows by another identifier', async () => {
    const { w, desk } = disputeDesk();
    await desk.request({ userId: 'dana@records.example', identifier: '039337423' });
    const [owner, rival] = [await w.patient(), await w.patient()];
    await desk.link(owner, { kind: 'legacy_user_id', identifier: 'dana@records.example' });
    const { link } = await desk.claim(rival, { kind: 'national_id', identifier: '039337423' });
    const code = await desk.codeTo('dana@records.example');
    expect(await desk.prove(rival, link.id, { method: 'code', code })).to.include({
      status: 'waiting-for-admin',
    });
    await w.mailTo(owner.user.email, 'legacy-rival-claim');
  });

  it('gives the identifier and its rows to the claimant when it is approved, and tells both', async () => {
    const { w, desk, decide, statusOf } = disputeDesk();
    const mine = await desk.request();
    const [owner, rival, admin] = [await w.patient(), await w.patient(), await w.member('admin')];
    const linkId = await desk.link(owner);
    const { link } = await desk.claim(rival);
    const approved = await decide('approve', admin, link.id);
    expect(approved).to.deep.include({ cases: 1, identifier: 'dana@records.example' });
    expect(await desk.ownerOf(mine)).to.equal(rival.user.id);
    expect(await statusOf(owner, linkId)).to.equal('unlinked');
    expect(await statusOf(rival, link.id)).to.equal('linked');
    await w.mailTo(owner.user.email, 'legacy-claim-lost');
    await w.mailTo(rival.user.email, 'legacy-claim-approved');
    const [, linked] = await w.audited('legacy.linked');
    expect(linked?.actor).to.deep.equal({ kind: 'user', id: admin.user.id });
    expect(linked?.details).to.include({ proof: 'admin', cases: 1 });
    const [unlinked] = await w.audited('legacy.unlinked');
    expect(unlinked?.details).to.include({ user: owner.user.id, cases: 1 });
  });

  it('keeps the reason encrypted', async () => {
    const { w, desk, decide } = disputeDesk();
    const [patient, admin] = [await w.patient(), await w.member('admin')];
    const { link } = await desk.claim(patient);
    await decide('approve', admin, link.id, 'A reason that nobody reads');
    const [row] = await w.rows('legacyLinks');
    expect(row?.reason).not.to.equal(null);
    expect(JSON.stringify(await w.rows('auditEntries'))).not.to.include('A reason that nobody reads');
  });

  it('is rejected without a trace for whoever has the identifier, and may be made again', async () => {
    const { w, desk, decide, statusOf } = disputeDesk();
    const mine = await desk.request();
    const [owner, rival, admin] = [await w.patient(), await w.patient(), await w.member('admin')];
    await desk.link(owner);
    const { link } = await desk.claim(rival);
    await decide('reject', admin, link.id);
    expect(await statusOf(rival, link.id)).to.equal('rejected');
    expect(await desk.ownerOf(mine)).to.equal(owner.user.id);
    await w.mailTo(rival.user.email, 'legacy-claim-rejected');
    expect((await desk.claim(rival)).link.id).not.to.equal(link.id);
    expect(await w.audited('legacy.claim-rejected')).to.have.length(1);
  });

  it('is decided once', async () => {
    const { w, desk, decide } = disputeDesk();
    const [patient, admin] = [await w.patient(), await w.member('admin')];
    const { link } = await desk.claim(patient);
    await decide('approve', admin, link.id);
    expect(await refusalOf(decide('approve', admin, link.id))).to.be.instanceOf(ClaimDecided);
    expect(await refusalOf(decide('reject', admin, link.id))).to.be.instanceOf(ClaimDecided);
  });

  it('needs an admin of the tenant, and a reason', async () => {
    const { w, desk, decide, claimsOf } = disputeDesk();
    const [patient, admin] = [await w.patient(), await w.member('admin')];
    const { link } = await desk.claim(patient);
    expect(await refusalOf(decide('approve', patient, link.id))).to.be.instanceOf(Forbidden);
    expect(await refusalOf(claimsOf(patient))).to.be.instanceOf(Forbidden);
    for (const reason of ['', ' ', 'x'.repeat(1001)]) {
      expect(await refusalOf(decide('approve', admin, link.id, reason))).to.be.instanceOf(ReasonRejected);
    }
    const stranger = await w.member('admin', { tenant: await w.tenant() });
    expect(await decide('approve', stranger, link.id)).to.equal(null);
    expect(await decide('reject', stranger, link.id)).to.equal(null);
    expect(await claimsOf(stranger)).to.deep.equal([]);
  });

  it('of an identifier of several people, or of nobody, waits however it is proven', async () => {
    const { w, desk, decide } = disputeDesk();
    await desk.request({ identifier: '039337423', userId: 'u-1' });
    await desk.request({ identifier: '039337423', userId: 'u-2' });
    const nobodys = await desk.request({ identifier: '000000000', userId: 'u-3' });
    const [patient, admin] = [await w.patient(), await w.member('admin')];
    w.adapters.vendorStatements.admit('north');
    const waiting = async (identifier: string): Promise<string> => {
      const { link, methods } = await desk.claim(patient, { kind: 'national_id', identifier });
      expect(methods).to.deep.equal(['code', 'vendor-statement']);
      const now = w.clock.now();
      const expiresAt = new Date(now.getTime() + 60_000);
      const said = {
        vendorId: 'north',
        nonce: link.id,
        identifier,
        kind: 'national_id',
        issuedAt: now,
        expiresAt,
      };
      const jwt = w.adapters.vendorStatements.issue(said);
      const outcome = await desk.prove(patient, link.id, { method: 'vendor-statement', jwt });
      expect(outcome).to.deep.equal({ status: 'waiting-for-admin' });
      return link.id;
    };
    expect(await decide('approve', admin, await waiting('039337423'))).to.include({ cases: 2 });
    const refusal = await refusalOf(decide('approve', admin, await waiting('000000000')));
    expect(refusal).to.be.instanceOf(IdentifierIsPlaceholder);
    expect(await desk.ownerOf(nobodys)).to.equal(null);
  });

  it("of another tenant's vendor is nobody's to decide here, and leaves its owner alone", async () => {
    const vendorDirectory = new ConfiguredVendors([aVendor({ tenant: 'north' })]);
    const w = world({ replace: () => ({ vendorDirectory }) });
    const desk = legacyDesk(w);
    const mine = await desk.request();
    const north = await w.tenant({ slug: 'north' });
    const owner = await w.patient({ tenant: north });
    await desk.link(owner);
    const [rival, admin] = [await w.patient(), await w.member('admin')];
    const { link } = await desk.claim(rival);
    const command = { actor: admin.actor, claimId: link.id, reason: 'He asked nicely' };
    expect(await w.app.legacy.approveLegacyClaim.execute(command)).to.equal(null);
    expect(await w.app.legacy.rejectLegacyClaim.execute(command)).to.equal(null);
    const listed = await w.app.legacy.listLegacyClaims.execute({
      actor: admin.actor,
      status: null,
      page: ALL,
    });
    expect(listed.items).to.deep.equal([]);
    expect(await desk.ownerOf(mine)).to.equal(owner.user.id);
  });

  it('is not approved for somebody whose account is disabled', async () => {
    const { w, desk, decide } = disputeDesk();
    const [patient, admin] = [await w.patient(), await w.member('admin')];
    const { link } = await desk.claim(patient);
    const { id: userId } = patient.user;
    await w.app.identity.updateUser.execute({ actor: admin.actor, userId, changes: { isActive: false } });
    expect(await refusalOf(decide('approve', admin, link.id))).to.be.instanceOf(LinkAccountUnknown);
  });

  it('may be approved by the installation itself', async () => {
    const { w, desk } = disputeDesk();
    const patient = await w.patient();
    const { link } = await desk.claim(patient);
    const approved = await w.app.legacy.approveLegacyClaim.execute({
      actor: SYSTEM,
      claimId: link.id,
      reason: 'x',
    });
    expect(approved?.link).to.include({ status: 'linked', proof: 'admin', decidedBy: null });
  });
});
