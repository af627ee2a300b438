import { expect } from 'chai';
import { Forbidden, RateLimited } from '../../../../src/domain/access/errors.ts';
import { IdentifierRejected, LegacyProofRefused } from '../../../../src/domain/legacy/errors.ts';
import { legacyDesk } from '../../../support/legacy-desk.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { world } from '../../../support/world.ts';

const mailsIn = async (w: ReturnType<typeof world>) =>
  (await w.deliver()).filter(({ content }) => content.kind === 'legacy-link-code');

describe('Linking a legacy identifier by a code', () => {
  it('links what the records hold, and gives their rows to the account', async () => {
    const w = world();
    const desk = legacyDesk(w);
    const [mine, other] = [
      await desk.request(),
      await desk.request({ identifier: 'avi@records.example', userId: 'u-6' }),
    ];
    const patient = await w.patient();
    const { link, methods } = await desk.claim(patient, {
      vendorId: ' NORTH ',
      identifier: ' Dana@Records.Example ',
    });
    expect(methods).to.deep.equal(['code']);
    const code = await desk.codeTo('dana@records.example');
    expect(code).to.match(/^\d{8}$/);
    const outcome = await desk.prove(patient, link.id, { method: 'code', code });
    expect(outcome).to.deep.equal({ status: 'linked', cases: 1 });
    expect(await desk.ownerOf(mine)).to.equal(patient.user.id);
    expect(await desk.ownerOf(other)).to.equal(null);
    const [entry] = await w.audited('legacy.linked');
    expect(entry?.details).to.deep.equal({ user: patient.user.id, kind: 'email', proof: 'code', cases: 1 });
    await w.mailTo(patient.user.email, 'legacy-linked');
  });

  it('mails the code to the contact of the records, never to what was typed in or to the account', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request({ userId: 'Dana@Records.Example', identifier: '03933742-3' });
    const patient = await w.patient();
    await desk.claim(patient, { kind: 'national_id', identifier: '39337423' });
    const mails = await mailsIn(w);
    expect(mails.map(({ to }) => to)).to.deep.equal(['dana@records.example']);
  });

  it('answers alike where there are no records, and mails nobody', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request();
    const patient = await w.patient();
    const [known, unknown] = [
      await desk.claim(patient),
      await desk.claim(patient, { identifier: 'nobody@records.example' }),
    ];
    expect(Object.keys(unknown)).to.deep.equal(Object.keys(known));
    expect(unknown.methods).to.deep.equal(known.methods);
    expect(unknown.link).to.include({ status: 'pending', kind: 'email' });
    expect(unknown.link.code).not.to.equal(null);
    expect((await mailsIn(w)).map(({ to }) => to)).to.deep.equal(['dana@records.example']);
    expect(await w.rows('outboxEntries')).to.have.length(2);
  });

  it('mails nobody for placeholders, identifiers of several people, several contacts, or a vendor of another tenant', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request({ identifier: '000000000', userId: 'zero@records.example' });
    await desk.request({ identifier: '039337423', userId: 'a@records.example' });
    await desk.request({ identifier: '039337423', userId: 'b@records.example' });
    await desk.request({ identifier: 'c@records.example', userId: 'u-9' });
    await desk.request({ identifier: 'd@records.example', userId: 'u-9' });
    const patient = await w.patient();
    await desk.claim(patient, { kind: 'national_id', identifier: '000000000' });
    await desk.claim(patient, { kind: 'national_id', identifier: '039337423' });
    await desk.claim(patient, { kind: 'legacy_user_id', identifier: 'u-9' });
    const elsewhere = await w.patient({ tenant: await w.tenant() });
    await desk.request();
    await desk.claim(elsewhere);
    expect(await mailsIn(w)).to.deep.equal([]);
  });

  it('refuses another code, one that is late, one of another account, and one that a newer has replaced', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request();
    const [patient, other] = [await w.patient(), await w.patient()];
    const { link } = await desk.claim(patient);
    const first = await desk.codeTo('dana@records.example');
    const theirs = await desk.claim(other);
    const wrong = first === '00000000' ? '00000001' : '00000000';
    for (const [member, id, code] of [
      [patient, link.id, wrong],
      [other, theirs.link.id, first],
    ] as const) {
      expect(await refusalOf(desk.prove(member, id, { method: 'code', code }))).to.be.instanceOf(
        LegacyProofRefused,
      );
    }
    expect(await desk.prove(other, link.id, { method: 'code', code: first })).to.equal(null);
    await desk.claim(patient);
    expect(await refusalOf(desk.prove(patient, link.id, { method: 'code', code: first }))).to.be.instanceOf(
      LegacyProofRefused,
    );
    const newer = await desk.codeTo('dana@records.example');
    w.clock.advance(900);
    expect(await refusalOf(desk.prove(patient, link.id, { method: 'code', code: newer }))).to.be.instanceOf(
      LegacyProofRefused,
    );
    expect(await w.audited('legacy.proof-refused')).to.have.length(4);
  });

  it('gives all rows to the account, however many there are', async () => {
    const w = world();
    const desk = legacyDesk(w);
    for (let row = 0; row < 230; row += 1) await desk.request();
    const [patient, rival, admin] = [await w.patient(), await w.patient(), await w.member('admin')];
    const { link } = await desk.claim(patient);
    const code = await desk.codeTo('dana@records.example');
    expect(await desk.prove(patient, link.id, { method: 'code', code })).to.include({ cases: 230 });
    const claimed = await desk.claim(rival);
    const command = { actor: admin.actor, claimId: claimed.link.id, reason: 'Seen on the passport' };
    expect(await w.app.legacy.approveLegacyClaim.execute(command)).to.include({ cases: 230 });
  });

  it('tells a repeated proof what it came to', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request();
    const patient = await w.patient();
    const id = await desk.link(patient);
    const again = await desk.prove(patient, id, { method: 'code', code: '00000000' });
    expect(again).to.deep.equal({ status: 'linked', cases: 1 });
  });

  it('counts failures of an identifier over all accounts, and of an account over all identifiers', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request();
    const patient = await w.patient();
    const { link } = await desk.claim(patient);
    const code = await desk.codeTo('dana@records.example');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      for (const member of [await w.patient(), await w.patient()]) {
        const claimed = await desk.claim(member);
        expect(
          await refusalOf(desk.prove(member, claimed.link.id, { method: 'code', code: 'x' })),
        ).to.be.instanceOf(LegacyProofRefused);
      }
    }
    expect(await refusalOf(desk.prove(patient, link.id, { method: 'code', code }))).to.be.instanceOf(
      RateLimited,
    );
    w.clock.advance(2);
    const guesser = await w.patient();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const claimed = await desk.claim(guesser, { kind: 'legacy_user_id', identifier: `u-${attempt}` });
      expect(
        await refusalOf(desk.prove(guesser, claimed.link.id, { method: 'code', code: 'x' })),
      ).to.be.instanceOf(LegacyProofRefused);
    }
    const last = await desk.claim(guesser, { kind: 'legacy_user_id', identifier: 'u-99' });
    expect(
      await refusalOf(desk.prove(guesser, last.link.id, { method: 'code', code: 'x' })),
    ).to.be.instanceOf(RateLimited);
  });

  it('writes ten codes an hour for an identifier, whoever asks', async () => {
    const w = world();
    const desk = legacyDesk(w);
    await desk.request();
    for (let asked = 0; asked < 12; asked += 1) await desk.claim(await w.patient());
    expect(await mailsIn(w)).to.have.length(10);
    w.clock.advance(3601);
    await desk.claim(await w.patient());
    expect(await mailsIn(w)).to.have.length(1);
  });

  it('refuses what can be no identifier, and whoever is no patient', async () => {
    const w = world();
    const desk = legacyDesk(w);
    const patient = await w.patient();
    expect(
      await refusalOf(desk.claim(patient, { kind: 'national_id', identifier: '039337424' })),
    ).to.be.instanceOf(IdentifierRejected);
    for (const role of ['physician', 'admin'] as const) {
      expect(await refusalOf(desk.claim(await w.member(role)))).to.be.instanceOf(Forbidden);
    }
  });

  it('keeps nothing that cannot be audited', async () => {
    const w = world();
    const desk = legacyDesk(w);
    const mine = await desk.request();
    const patient = await w.patient();
    const { link } = await desk.claim(patient);
    const proof = { method: 'code', code: await desk.codeTo('dana@records.example') } as const;
    const unaudited = w.unauditedApp.legacy.proveLegacyLink.execute({
      actor: patient.actor,
      linkId: link.id,
      proof,
    });
    expect(await unaudited.catch((error: unknown) => error)).to.be.an('error');
    expect(await desk.ownerOf(mine)).to.equal(null);
    expect(await desk.prove(patient, link.id, proof)).to.include({ status: 'linked' });
  });
});
