import { expect } from 'chai';
import { Forbidden, ReasonRejected } from '../../../../src/domain/access/errors.ts';
import {
  IdentifierIsPlaceholder,
  IdentifierRejected,
  IdentifierTaken,
  LinkAccountUnknown,
} from '../../../../src/domain/legacy/errors.ts';
import type { GrantLegacyLinkCommand } from '../../../../src/application/legacy/grant-legacy-link.ts';
import { compose } from '../../../../src/main/compose.ts';
import { SYSTEM, systemOf } from '../../../support/builders.ts';
import { AUDIT_FAULT, failingAudit } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { legacyDesk } from '../../../support/legacy-desk.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { world } from '../../../support/world.ts';

function grantDesk() {
  const w = world();
  const grant = (email: string, given: Partial<GrantLegacyLinkCommand> = {}, app = w.app) =>
    app.legacy.grantLegacyLink.execute({
      actor: SYSTEM,
      email,
      vendorId: 'north',
      kind: 'email',
      identifier: 'dana@records.example',
      reason: 'Moved from the legacy service',
      ...given,
    });
  return { w, desk: legacyDesk(w), grant };
}

describe("Linking a legacy identifier by the operator's approval", () => {
  it('links it without asking, tells nobody by mail, and says why', async () => {
    const { w, desk, grant } = grantDesk();
    const mine = await desk.request();
    const { user } = await w.patient();
    const granted = await grant(user.email.toUpperCase());
    expect(granted).to.include({ cases: 1, already: false });
    expect(await desk.ownerOf(mine)).to.equal(user.id);
    expect(await w.deliver()).to.deep.equal([]);
    const [row] = await w.rows('legacyLinks');
    expect(row).to.include({ status: 'linked', proof: 'admin', decidedBy: null });
    expect(row?.reason).not.to.equal(null);
    const [entry] = await w.audited('legacy.linked');
    expect(entry?.actor).to.deep.equal({ kind: 'system' });
  });

  it('says so where it was linked already', async () => {
    const { w, desk, grant } = grantDesk();
    await desk.request();
    const { user } = await w.patient();
    await grant(user.email);
    expect(await grant(user.email)).to.include({ cases: 1, already: true });
    expect(await w.audited('legacy.linked')).to.have.length(1);
  });

  it('gives rows a hundred at a time, all of them, and tells of each part', async () => {
    const { w, desk, grant } = grantDesk();
    const rows = await Promise.all(Array.from({ length: 250 }, () => desk.request()));
    const { user } = await w.patient();
    expect(await grant(user.email)).to.include({ cases: 250 });
    const owners = new Set(await Promise.all(rows.map((row) => desk.ownerOf(row))));
    expect(owners).to.deep.equal(new Set([user.id]));
    const [linked, ...more] = await w.audited('legacy.linked');
    expect([linked?.details['cases'], more]).to.deep.equal([100, []]);
    const followed = await w.audited('legacy.followed');
    expect(followed.map(({ details }) => details['cases'])).to.deep.equal([100, 50]);
  });

  it('leaves nothing that the audit trail does not tell of', async () => {
    const { w, desk, grant } = grantDesk();
    await desk.request();
    const { user } = await w.patient();
    const app = compose({ ...w.adapters, unitOfWork: failingAudit(w.adapters.unitOfWork) });
    expect(await faultOf(grant(user.email, {}, app))).to.have.property('message', AUDIT_FAULT);
    expect(await w.rows('legacyLinks')).to.deep.equal([]);
    const { link } = await grant(user.email);
    const [claimed] = await w.audited('legacy.claimed');
    expect(claimed?.subject).to.deep.equal({ type: 'legacy-link', id: link.id });
  });

  it('grants what the account claims already', async () => {
    const { w, desk, grant } = grantDesk();
    const patient = await w.patient();
    const { link } = await desk.claim(patient);
    expect((await grant(patient.user.email)).link.id).to.equal(link.id);
  });

  it('has all rows of an identifier of several people: whoever approves it knows', async () => {
    const { w, desk, grant } = grantDesk();
    await desk.request({ userId: 'u-1', identifier: '039337423' });
    await desk.request({ userId: 'u-2', identifier: '039337423' });
    const { user } = await w.patient();
    expect(await grant(user.email, { kind: 'national_id', identifier: '39337423' })).to.include({ cases: 2 });
  });

  it('takes nothing from anybody', async () => {
    const { w, desk, grant } = grantDesk();
    const mine = await desk.request();
    const [owner, other] = [await w.patient(), await w.patient()];
    await grant(owner.user.email);
    expect(await refusalOf(grant(other.user.email))).to.be.instanceOf(IdentifierTaken);
    expect(await grant(other.user.email, { kind: 'legacy_user_id', identifier: 'u-5' })).to.include({
      cases: 0,
    });
    expect(await desk.ownerOf(mine)).to.equal(owner.user.id);
  });

  it('refuses what cannot be linked, each with its reason', async () => {
    const { w, grant } = grantDesk();
    const { user } = await w.patient();
    const physician = await w.member('physician');
    const tenant = await w.tenant();
    const admin = await w.member('admin');
    const refusals = [
      [() => grant('nobody@example.org'), LinkAccountUnknown],
      [() => grant(physician.user.email), LinkAccountUnknown],
      [() => grant(user.email, { actor: systemOf(tenant.id) }), LinkAccountUnknown],
      [() => grant(user.email, { kind: 'phone' }), IdentifierRejected],
      [() => grant(user.email, { kind: 'national_id', identifier: '000000000' }), IdentifierIsPlaceholder],
      [() => grant(user.email, { reason: ' ' }), ReasonRejected],
      [() => grant(user.email, { actor: admin.actor }), Forbidden],
    ] as const;
    for (const [granting, refusal] of refusals) expect(await refusalOf(granting())).to.be.instanceOf(refusal);
    expect(await w.rows('legacyLinks')).to.deep.equal([]);
  });
});
