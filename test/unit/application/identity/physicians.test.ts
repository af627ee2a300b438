import { expect } from 'chai';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import {
  CaseLimitRejected,
  LanguageRejected,
  NotAPhysician,
  PhysicianConflict,
  PhysicianExists,
  PoolRejected,
  TooManyLanguages,
} from '../../../../src/domain/identity/errors.ts';
import type { PhysicianChanges } from '../../../../src/domain/identity/physician.ts';
import { IdempotencyKeyReused } from '../../../../src/domain/shared/errors.ts';
import type { PagePosition } from '../../../../src/domain/shared/page.ts';
import { ANONYMOUS, anId, SYSTEM, systemOf } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type PhysicianMember, type World, world } from '../../../support/world.ts';

describe('The physicians of a tenant', () => {
  let here: World;
  let admin: Member;

  beforeEach(async () => {
    here = world();
    admin = await here.member('admin');
    here.clock.advance(1);
  });

  const stored = async (id: string) => (await here.rows('physicians')).find((row) => row.id === id);

  describe('CreatePhysician', () => {
    let member: Member;
    beforeEach(async () => {
      member = await here.member('physician');
    });

    const create = (given: PhysicianChanges = {}, { user } = member, actor: Actor = admin.actor) =>
      here.app.identity.createPhysician.execute({
        actor,
        physician: { userId: user.id, languagePreference: 'he', ...given },
      });

    it('makes one of an account of this role', async () => {
      const physician = await create({ languages: ['en'], privatePool: 'north', maxOpenCases: 3 });
      expect(physician).to.deep.include({
        tenantId: member.user.tenantId,
        userId: member.user.id,
        languagePreference: 'he',
        languages: ['he', 'en'],
        privatePool: 'north',
        vacationMode: false,
        maxOpenCases: 3,
        createdAt: here.clock.now(),
      });
      expect(await stored(physician!.id)).to.deep.equal(physician);
    });

    it('tells the trail what decides which cases come to him', async () => {
      const physician = await create({ languages: ['en'], privatePool: 'north', vacationMode: true });
      const entries = await here.audited('identity.physician-created');
      expect(entries).to.have.length(1);
      expect(entries[0]).to.deep.include({
        actor: { kind: 'user', id: admin.user.id },
        subject: { type: 'physician', id: physician!.id },
        at: here.clock.now(),
        details: {
          userId: member.user.id,
          languages: 'he en',
          privatePool: 'north',
          vacationMode: true,
          maxOpenCases: 10,
        },
      });
    });

    it('makes none of an account of another role', async () => {
      for (const other of [await here.patient(), admin]) {
        expect(await refusalOf(create({}, other))).to.be.instanceOf(NotAPhysician);
      }
      expect(await here.rows('physicians')).to.deep.equal([]);
    });

    it('makes one of an account only, however many try at once', async () => {
      const outcomes = await Promise.allSettled([create(), create(), create()]);
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused).to.have.length(2);
      for (const { reason } of refused) expect(reason).to.be.instanceOf(PhysicianExists);
      expect(await refusalOf(create())).to.be.instanceOf(PhysicianExists);
      expect(await here.rows('physicians')).to.have.length(1);
      expect(await here.audited('identity.physician-created')).to.have.length(1);
    });

    it('knows no account of another tenant, nor one that was never there', async () => {
      const elsewhere = await here.member('physician', { tenant: await here.tenant() });
      expect(await create({}, elsewhere)).to.equal(null);
      expect(await create({}, { ...member, user: { ...member.user, id: anId() } })).to.equal(null);
      expect(await create({}, elsewhere, systemOf(elsewhere.user.tenantId))).to.include({
        tenantId: elsewhere.user.tenantId,
      });
    });

    it('refuses what no physician can be', async () => {
      expect(await refusalOf(create({ languages: ['x'] }))).to.be.instanceOf(LanguageRejected);
      expect(await refusalOf(create({ privatePool: '' }))).to.be.instanceOf(PoolRejected);
      expect(await refusalOf(create({ maxOpenCases: 0 }))).to.be.instanceOf(CaseLimitRejected);
      const languages = Array.from({ length: 20 }, (_, index) => `en-x-${String(index)}`);
      expect(await refusalOf(create({ languages }))).to.be.instanceOf(TooManyLanguages);
      expect(await here.rows('physicians')).to.deep.equal([]);
    });

    it('keeps nothing of one that cannot be audited', async () => {
      const physician = { userId: member.user.id, languagePreference: 'he' };
      const act = here.unauditedApp.identity.createPhysician.execute({ actor: admin.actor, physician });
      expect(await faultOf(act)).to.have.property('message', AUDIT_FAULT);
      expect(await here.rows('physicians')).to.deep.equal([]);
    });

    it('gives a request that is repeated by its key what the first one made, as it is now', async () => {
      const repeat = (fingerprint = 'the same') =>
        here.app.identity.createPhysician.execute({
          actor: admin.actor,
          physician: { userId: member.user.id, languagePreference: 'he' },
          idempotency: { key: 'a key', fingerprint },
        });
      const first = await repeat();
      expect(await repeat()).to.deep.equal(first);
      const changes = { role: 'patient' } as const;
      await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: member.user.id, changes });
      expect(await repeat()).to.deep.equal(first);
      expect(await refusalOf(repeat('another'))).to.be.instanceOf(IdempotencyKeyReused);
      expect(await here.rows('physicians')).to.have.length(1);
    });
  });

  describe('UpdatePhysician', () => {
    let member: PhysicianMember;
    beforeEach(async () => {
      member = await here.physician({ languagePreference: 'he', languages: ['en'] });
      here.clock.advance(1);
    });

    const update = (changes: PhysicianChanges, id = member.physician.id, actor: Actor = admin.actor) =>
      here.app.identity.updatePhysician.execute({ actor, physicianId: id, changes });

    it('changes every field', async () => {
      const changes = {
        languagePreference: 'en',
        languages: ['en', 'ru'],
        privatePool: 'north',
        vacationMode: true,
        maxOpenCases: 3,
      };
      const changed = await update(changes);
      expect(changed).to.deep.equal({
        ...member.physician,
        ...changes,
        updatedAt: here.clock.now(),
        version: 2,
      });
      expect(await stored(member.physician.id)).to.deep.equal(changed);
    });

    it('tells the trail what he is now', async () => {
      await update({ vacationMode: true, languagePreference: 'ru' });
      const entries = await here.audited('identity.physician-changed');
      expect(entries).to.have.length(1);
      expect(entries[0]).to.deep.include({
        actor: { kind: 'user', id: admin.user.id },
        subject: { type: 'physician', id: member.physician.id },
        at: here.clock.now(),
        details: { languages: 'ru he en', privatePool: null, vacationMode: true, maxOpenCases: 10 },
      });
    });

    it('keeps and tells nothing where nothing changes', async () => {
      expect(await update({ languagePreference: 'iw', vacationMode: false })).to.deep.equal(member.physician);
      expect(await here.audited('identity.physician-changed')).to.deep.equal([]);
    });

    it('knows no physician of another tenant, nor one that was never there', async () => {
      const elsewhere = await here.physician({ tenant: await here.tenant() });
      for (const id of [elsewhere.physician.id, anId()]) {
        expect(await update({ vacationMode: true }, id)).to.equal(null);
      }
      expect(await stored(elsewhere.physician.id)).to.deep.equal(elsewhere.physician);
    });

    it('keeps the changes of both where two change different things at once', async () => {
      await Promise.all([update({ maxOpenCases: 3 }), update({ privatePool: 'north' })]);
      expect(await stored(member.physician.id)).to.include({
        maxOpenCases: 3,
        privatePool: 'north',
        version: 3,
      });
    });

    it('is refused to one of two at the same time, where the database lets them', async () => {
      const { updatePhysician } = here.unisolatedApp.identity;
      const { id: physicianId } = member.physician;
      const outcomes = await Promise.allSettled(
        [3, 4].map((maxOpenCases) =>
          updatePhysician.execute({ actor: admin.actor, physicianId, changes: { maxOpenCases } }),
        ),
      );
      expect(outcomes.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      expect(refused?.reason).to.be.instanceOf(PhysicianConflict);
    });

    it('changes nothing where that cannot be audited', async () => {
      const { updatePhysician } = here.unauditedApp.identity;
      const { id: physicianId } = member.physician;
      const changes = { vacationMode: true };
      const act = updatePhysician.execute({ actor: admin.actor, physicianId, changes });
      expect(await faultOf(act)).to.have.property('message', AUDIT_FAULT);
      expect(await stored(physicianId)).to.deep.equal(member.physician);
    });
  });

  describe('UpdateOwnPhysician', () => {
    let member: PhysicianMember;
    beforeEach(async () => {
      member = await here.physician({ privatePool: 'north', maxOpenCases: 3 });
    });

    const update = (changes: object, { actor }: Pick<Member, 'actor'> = member) =>
      here.app.identity.updateOwnPhysician.execute({ actor, changes });

    it('changes one’s own languages and vacation', async () => {
      const changes = { languagePreference: 'ru', languages: ['he', 'ru'], vacationMode: true };
      expect(await update(changes)).to.deep.include({
        ...changes,
        languages: ['ru', 'he'],
        privatePool: 'north',
        maxOpenCases: 3,
        version: 2,
      });
      const [entry] = await here.audited('identity.physician-changed');
      expect(entry).to.deep.include({
        actor: { kind: 'user', id: member.user.id },
        subject: { type: 'physician', id: member.physician.id },
      });
      expect((await here.app.identity.getProfile.execute(member)).physician).to.deep.equal(
        await stored(member.physician.id),
      );
    });

    it('changes nothing else, whatever it is given', async () => {
      const changes = { privatePool: null, maxOpenCases: 1000, userId: anId(), version: 9 };
      expect(await update(changes)).to.deep.equal(member.physician);
      expect(await stored(member.physician.id)).to.deep.equal(member.physician);
    });

    it('finds nothing where nobody has made a physician of the account yet', async () => {
      expect(await update({ vacationMode: true }, await here.member('physician'))).to.equal(null);
    });

    it('is the business of physicians themselves', async () => {
      for (const other of [admin, await here.patient()]) {
        expect(await refusalOf(update({ vacationMode: true }, other))).to.be.instanceOf(Forbidden);
      }
      for (const actor of [ANONYMOUS, SYSTEM]) {
        const act = here.app.identity.updateOwnPhysician.execute({ actor, changes: { vacationMode: true } });
        expect(await refusalOf(act)).to.be.instanceOf(Unauthenticated);
      }
      expect(await stored(member.physician.id)).to.deep.equal(member.physician);
    });
  });

  describe('ListPhysicians and GetPhysician', () => {
    it('show those of the tenant, newest first, page by page', async () => {
      const added: PhysicianMember[] = [];
      for (let count = 0; count < 5; count += 1) {
        // Two at each moment, so that the id decides between them.
        if (count % 2 === 0) here.clock.advance(1);
        added.push(await here.physician());
      }
      await here.physician({ tenant: await here.tenant() });
      const seen: unknown[] = [];
      let after: PagePosition | null = null;
      for (const expected of [2, 2, 1]) {
        const command = { actor: admin.actor, page: { limit: 2, after } };
        const page = await here.app.identity.listPhysicians.execute(command);
        expect(page.items).to.have.length(expected);
        seen.push(...page.items);
        after = page.next;
      }
      expect(after).to.equal(null);
      expect(seen).to.deep.equal(added.map(({ physician }) => physician).toReversed());
    });

    it('know none of another tenant, nor one that was never there', async () => {
      const { getPhysician } = here.app.identity;
      const { physician } = await here.physician({ tenant: await here.tenant() });
      const { actor } = admin;
      for (const physicianId of [physician.id, anId()]) {
        expect(await getPhysician.execute({ actor, physicianId })).to.equal(null);
      }
      const its = { actor: systemOf(physician.tenantId), physicianId: physician.id };
      expect(await getPhysician.execute(its)).to.deep.equal(physician);
    });
  });

  it('are the business of admins and of the installation only', async () => {
    const member = await here.physician();
    const { id: physicianId, userId } = member.physician;
    const { createPhysician, getPhysician, listPhysicians, updatePhysician } = here.app.identity;
    const actsOf = (actor: Actor) => [
      () => createPhysician.execute({ actor, physician: { userId, languagePreference: 'en' } }),
      () => updatePhysician.execute({ actor, physicianId, changes: { vacationMode: true } }),
      () => getPhysician.execute({ actor, physicianId }),
      () => listPhysicians.execute({ actor, page: { limit: 25, after: null } }),
    ];
    for (const { actor } of [member, await here.patient()]) {
      for (const act of actsOf(actor)) expect(await refusalOf(act())).to.be.instanceOf(Forbidden);
    }
    for (const act of actsOf(ANONYMOUS)) expect(await refusalOf(act())).to.be.instanceOf(Unauthenticated);
    expect(await stored(physicianId)).to.deep.equal(member.physician);
    for (const act of actsOf(SYSTEM).slice(1)) await act();
  });
});
