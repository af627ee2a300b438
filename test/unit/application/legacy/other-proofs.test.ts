import { expect } from 'chai';
import type { ExpectedAssertion } from '../../../../src/application/ports/legacy/assertion-verifier.ts';
import { Unavailable } from '../../../../src/domain/access/errors.ts';
import { LegacyProofRefused } from '../../../../src/domain/legacy/errors.ts';
import { issueTicket } from '../../../../src/application/steps/legacy-ticket.ts';
import { legacyDesk } from '../../../support/legacy-desk.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type GivenWorld, type World, world } from '../../../support/world.ts';

const OPEN: GivenWorld = { settings: { legacyBridge: { until: null } } };

/** Signs a person in at the legacy service, and exchanges that for a ticket. */
async function ticketOf(
  w: World,
  person: { id: string; identifier?: string; vendorId?: string },
): Promise<string> {
  const { adapters, clock } = w;
  const sid = `sid-${person.id}`;
  const expires = new Date(clock.now().getTime() + 3_600_000);
  const json = JSON.stringify({ cookie: { expires }, passport: { user: person } });
  await adapters.database.write((tables) => tables.legacySessions.set(sid, { json, expiresAt: expires }));
  const session = await adapters.legacySessions.find(sid, clock.now());
  if (!session?.subject) throw new Error('The legacy session is not live.');
  return issueTicket(adapters, sid, session.subject, clock.now());
}

describe('Linking a legacy identifier by a live legacy session', () => {
  it('links the user id of the session, and its identifier', async () => {
    const w = world(OPEN);
    const desk = legacyDesk(w);
    const mine = await desk.request();
    const patient = await w.patient();
    const person = { id: ' u-5', identifier: 'Dana@Records.example', vendorId: 'NORTH' };
    const { link, methods } = await desk.claim(patient, { kind: 'legacy_user_id', identifier: 'u-5' });
    expect(methods).to.include('session');
    const proof = { method: 'session', ticket: await ticketOf(w, person) } as const;
    expect(await desk.prove(patient, link.id, proof)).to.deep.equal({ status: 'linked', cases: 1 });
    expect(await desk.ownerOf(mine)).to.equal(patient.user.id);
    const second = await desk.claim(patient);
    const again = { method: 'session', ticket: await ticketOf(w, person) } as const;
    expect(await desk.prove(patient, second.link.id, again)).to.include({ status: 'linked' });
  });

  it('refuses the ticket of another person, of another vendor, a used one, and one whose session is over', async () => {
    const w = world(OPEN);
    const desk = legacyDesk(w);
    const patient = await w.patient();
    const { link } = await desk.claim(patient, { kind: 'legacy_user_id', identifier: 'u-5' });
    const refused = async (ticket: string) => {
      const refusal = await refusalOf(desk.prove(patient, link.id, { method: 'session', ticket }));
      expect(refusal).to.be.instanceOf(LegacyProofRefused);
    };
    await refused(await ticketOf(w, { id: 'u-6', vendorId: 'north' }));
    await refused(await ticketOf(w, { id: 'u-5', vendorId: 'south' }));
    await refused(await ticketOf(w, { id: 'u-5' }));
    await refused('no ticket');
    const late = await ticketOf(w, { id: 'u-5', vendorId: 'north' });
    await w.adapters.database.write((tables) => tables.legacySessions.delete('sid-u-5'));
    await refused(late);
    await refused(late);
    const ticket = await ticketOf(w, { id: 'u-5', vendorId: 'north' });
    expect(await desk.prove(patient, link.id, { method: 'session', ticket })).to.include({
      status: 'linked',
    });
    const other = await w.patient();
    const theirs = await desk.claim(other, { kind: 'legacy_user_id', identifier: 'u-5' });
    const stolen = desk.prove(other, theirs.link.id, { method: 'session', ticket });
    expect(await refusalOf(stolen)).to.be.instanceOf(LegacyProofRefused);
  });

  it('waits for an admin where the records name another person than the session does', async () => {
    const w = world(OPEN);
    const desk = legacyDesk(w);
    await desk.request();
    const patient = await w.patient();
    const identifier = 'dana@records.example';
    for (const [id, claimed] of [
      ['U-5', { kind: 'legacy_user_id', identifier: 'u-5' }],
      ['u-6', { kind: 'email', identifier }],
    ] as const) {
      const { link } = await desk.claim(patient, claimed);
      const ticket = await ticketOf(w, { id, identifier, vendorId: 'north' });
      const outcome = await desk.prove(patient, link.id, { method: 'session', ticket });
      expect(outcome).to.deep.equal({ status: 'waiting-for-admin' });
    }
  });

  it('is neither offered nor taken where legacy sessions do not count', async () => {
    const w = world();
    const desk = legacyDesk(w);
    const patient = await w.patient();
    const { link, methods } = await desk.claim(patient, { kind: 'legacy_user_id', identifier: 'u-5' });
    expect(methods).to.deep.equal(['code']);
    const ticket = await ticketOf(w, { id: 'u-5', vendorId: 'north' });
    const refusal = await refusalOf(desk.prove(patient, link.id, { method: 'session', ticket }));
    expect(refusal).to.be.instanceOf(LegacyProofRefused);
  });
});

describe("Linking a legacy identifier by its vendor's statement", () => {
  const stating = (w: World, nonce: string, given: object = {}): string => {
    const issuedAt = w.clock.now();
    const expiresAt = new Date(issuedAt.getTime() + 120_000);
    const usual = {
      vendorId: 'north',
      nonce,
      identifier: '03933742-3',
      kind: 'national_id',
      issuedAt,
      expiresAt,
    };
    return w.adapters.vendorStatements.issue({ ...usual, ...given });
  };

  it('links what the vendor says, where no records are either', async () => {
    const w = world();
    const desk = legacyDesk(w);
    w.adapters.vendorStatements.admit('north');
    const patient = await w.patient();
    const { link } = await desk.claim(patient, { kind: 'national_id', identifier: '039337423' });
    const jwt = stating(w, link.id);
    const outcome = await desk.prove(patient, link.id, { method: 'vendor-statement', jwt });
    expect(outcome).to.deep.equal({ status: 'linked', cases: 0 });
  });

  it('counts for one claim: not for the next one, nor for another account', async () => {
    const w = world();
    const desk = legacyDesk(w);
    w.adapters.vendorStatements.admit('north');
    const [patient, other] = [await w.patient(), await w.patient()];
    const given = { kind: 'national_id', identifier: '039337423' } as const;
    const { link } = await desk.claim(patient, given);
    const jwt = stating(w, link.id);
    await desk.prove(patient, link.id, { method: 'vendor-statement', jwt });
    await w.app.legacy.unlinkLegacyIdentifier.execute({ actor: patient.actor, linkId: link.id });
    for (const member of [patient, other]) {
      const again = await desk.claim(member, given);
      const proving = desk.prove(member, again.link.id, { method: 'vendor-statement', jwt });
      expect(await refusalOf(proving)).to.be.instanceOf(LegacyProofRefused);
    }
    const over = desk.prove(patient, link.id, { method: 'vendor-statement', jwt });
    expect(await refusalOf(over)).to.be.instanceOf(LegacyProofRefused);
  });

  it('counts no attempt while the keys of the vendor are out of reach', async () => {
    const w = world();
    const desk = legacyDesk(w);
    w.adapters.vendorStatements.admit('north');
    const patient = await w.patient();
    const { link } = await desk.claim(patient, { kind: 'national_id', identifier: '039337423' });
    const proof = { method: 'vendor-statement', jwt: stating(w, link.id) } as const;
    w.adapters.vendorStatements.fail(12);
    for (let attempt = 0; attempt < 12; attempt += 1) {
      expect(await refusalOf(desk.prove(patient, link.id, proof))).to.be.instanceOf(Unavailable);
    }
    expect(await desk.prove(patient, link.id, proof)).to.include({ status: 'linked' });
  });
});

describe('Linking a legacy identifier by an assertion of an identity provider', () => {
  it('asks whoever judges assertions, and refuses all of them where nobody does', async () => {
    const asked: ExpectedAssertion[] = [];
    const judging = world({
      replace: () => ({
        assertionVerifier: {
          verify: (assertion, expected) => {
            asked.push(expected);
            return Promise.resolve(assertion === 'genuine');
          },
        },
      }),
    });
    for (const [w, assertion, isLinked] of [
      [judging, 'forged', false],
      [judging, 'genuine', true],
      [world(), 'genuine', false],
    ] as const) {
      const desk = legacyDesk(w);
      const patient = await w.patient();
      const { link } = await desk.claim(patient);
      const proving = desk.prove(patient, link.id, { method: 'sso-assertion', assertion });
      if (isLinked) expect(await proving).to.include({ status: 'linked' });
      else expect(await refusalOf(proving)).to.be.instanceOf(LegacyProofRefused);
      if (w !== judging) continue;
      const { id: nonce, tenantId } = link;
      const expected = {
        tenantId,
        nonce,
        vendorId: 'north',
        kind: 'email',
        identifier: 'dana@records.example',
      };
      expect(asked.at(-1)).to.deep.equal(expected);
    }
  });
});
