import { expect } from 'chai';
import { IdentifierTaken } from '../../../src/domain/legacy/errors.ts';
import { candidateLink, deferLink, endLink, proveLink } from '../../../src/domain/legacy/legacy-link.ts';
import type { LegacyRecord } from '../../../src/domain/legacy/legacy-record.ts';
import { newSealed } from './access-fixtures.ts';
import { atOnce, atOnceSettled, everyPage, failureOf, inOrder, refusalOf, undo } from './expectations.ts';
import { at, newHash, newId, NOW, plantTenant, plantUser } from './fixtures.ts';
import {
  type Linking,
  newLink,
  plantLink,
  plantLinked,
  plantLinking,
  plantRequests,
} from './legacy-fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<
  StoreWorld,
  | 'unitOfWork'
  | 'dataKeyStore'
  | 'legacyLinkDirectory'
  | 'readLegacyOwner'
  | 'sealedTexts'
  | 'writeLegacyRequest'
>;

const ALL = { limit: 100, after: null };

const linksOf = ({ unitOfWork }: Pick<World, 'unitOfWork'>, { user }: Linking) =>
  unitOfWork.stores(user.tenantId).legacyLinks;

const idsOf = (cases: readonly { readonly caseId: string }[]) => cases.map(({ caseId }) => caseId).sort();

function claiming(name: string, open: OpenWorld<keyof World>): void {
  describe(`LegacyLinkStore: ${name}, claims`, () => {
    it('keeps a claim with what it is to', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const claim = newLink(linking);
      const { identifier, ...link } = claim;
      expect(await linksOf(world, linking).claim(claim)).to.include({
        id: link.id,
        status: 'pending',
        version: 1,
      });
      expect(await linksOf(world, linking).find(claim.id)).to.deep.include({ ...link, identifier });
    });

    it('goes on with a claim that the account has: its code is the newer one', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const first = await plantLink(world, newLink(linking));
      const { identifierHash } = first;
      const again = await linksOf(world, linking).claim(newLink(linking, { identifierHash }, at(5)));
      expect(again).to.include({ id: first.id, status: 'pending', version: 2 });
      expect(again.code?.expiresAt).to.deep.equal(at(905));
      const without = await linksOf(world, linking).claim(
        newLink(linking, { identifierHash, code: null }, at(9)),
      );
      expect(without.code).to.deep.equal(again.code);
    });

    it('makes a candidate a claim', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const claim = newLink(linking);
      const { identifier } = claim;
      await linksOf(world, linking).addCandidates([{ ...candidateLink(claim, NOW), identifier }]);
      expect(await linksOf(world, linking).find(claim.id)).to.include({ status: 'candidate', code: null });
      const claimed = await linksOf(world, linking).claim({ ...claim, id: newId() });
      expect(claimed).to.deep.include({ id: claim.id, status: 'pending', code: claim.code });
    });

    it('leaves a link that counts, and a claim that waits, as they are', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const linked = await plantLinked(world, linking);
      const { identifierHash } = linked;
      const again = await linksOf(world, linking).claim(newLink(linking, { identifierHash }, at(9)));
      expect(again).to.include({ id: linked.id, status: 'linked', proof: 'code', code: null });
      const waiting = await plantLink(world, newLink(linking));
      await linksOf(world, linking).save(deferLink(waiting, 'session', at(2)), null);
      const claimed = await linksOf(world, linking).claim({ ...waiting, id: newId() });
      expect(claimed).to.include({
        id: waiting.id,
        status: 'waiting-for-admin',
        proof: 'session',
        code: null,
      });
    });

    it('begins anew where the former one is over', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const former = await plantLink(world, newLink(linking));
      await linksOf(world, linking).save(endLink(former, at(1)), null);
      const { identifierHash } = former;
      const anew = await plantLink(world, newLink(linking, { identifierHash }));
      expect(anew.id).not.to.equal(former.id);
      expect(await linksOf(world, linking).find(former.id)).to.include({ status: 'unlinked' });
    });

    it('keeps one claim of many at once', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const identifierHash = newHash();
      const claims = await atOnce(8, () =>
        linksOf(world, linking).claim(newLink(linking, { identifierHash })),
      );
      expect(new Set(claims.map(({ id }) => id))).to.have.property('size', 1);
      const page = await linksOf(world, linking).listOf(linking.user.id, ALL);
      expect(page.items).to.have.length(1);
    });

    it('lets several accounts claim the same', async () => {
      const world = await open();
      const one = await plantLinking(world);
      const other = await plantLinking(world, { tenantId: one.user.tenantId });
      const { identifierHash } = await plantLink(world, newLink(one));
      const second = await plantLink(world, newLink(other, { identifierHash }));
      expect(second.userId).to.equal(other.user.id);
    });

    it('passes over candidates to what the account claims already', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const claim = await plantLink(world, newLink(linking));
      const candidate = newLink(linking, { identifierHash: claim.identifierHash });
      const { identifier } = candidate;
      await linksOf(world, linking).addCandidates([{ ...candidateLink(candidate, NOW), identifier }]);
      expect(await linksOf(world, linking).find(candidate.id)).to.equal(null);
      expect(await linksOf(world, linking).find(claim.id)).to.include({ status: 'pending' });
    });

    it('refuses users and keys of another tenant', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const stranger = await plantLinking(world);
      const links = linksOf(world, linking);
      expect(await failureOf(links.claim(newLink(stranger)))).to.be.an('error');
      const astray = newLink(linking, { userId: stranger.user.id });
      expect(await failureOf(links.claim(astray))).to.be.an('error');
      const underTheirs = newLink(linking, { identifier: newSealed(stranger.keyId) });
      expect(await failureOf(links.claim(underTheirs))).to.be.an('error');
    });
  });
}

function saving(name: string, open: OpenWorld<keyof World>): void {
  describe(`LegacyLinkStore: ${name}, decisions`, () => {
    it('keeps what was decided, and why', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const admin = await plantUser(world, { tenantId: linking.user.tenantId, role: 'admin' });
      const claim = await plantLink(world, newLink(linking));
      const linked = proveLink(claim, 'admin', at(3), admin.id);
      const reason = newSealed(linking.keyId);
      expect(await linksOf(world, linking).save(linked, reason)).to.equal(true);
      const found = await linksOf(world, linking).find(claim.id);
      expect(found).to.deep.include({ ...linked, identifier: claim.identifier });
      expect(await linksOf(world, linking).save(endLink(linked, at(4)), null)).to.equal(true);
      expect(await linksOf(world, linking).find(claim.id)).to.include({ status: 'unlinked', version: 3 });
    });

    it('lets one of several decisions through', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const claim = await plantLink(world, newLink(linking));
      const saved = await atOnce(6, (index) =>
        linksOf(world, linking).save(
          index % 2 === 0 ? proveLink(claim, 'code', at(1)) : deferLink(claim, 'code', at(1)),
          null,
        ),
      );
      expect(saved.filter(Boolean)).to.have.length(1);
      expect(await linksOf(world, linking).find(claim.id)).to.include({ version: 2 });
    });

    it('gives an identifier to one account, whatever the tenants', async () => {
      const world = await open();
      const [one, other] = [await plantLinking(world), await plantLinking(world)];
      const { identifierHash } = await plantLinked(world, one);
      const claim = await plantLink(world, newLink(other, { identifierHash }));
      const saving = linksOf(world, other).save(proveLink(claim, 'code', at(1)), null);
      await refusalOf(IdentifierTaken, saving);
      expect(await linksOf(world, other).find(claim.id)).to.include({ status: 'pending', version: 1 });
    });

    it('gives an identifier to one of many at once', async () => {
      const world = await open();
      const first = await plantLinking(world);
      const identifierHash = newHash();
      const claims = await atOnce(5, async () => {
        const linking = await plantLinking(world, { tenantId: first.user.tenantId });
        return { linking, claim: await plantLink(world, newLink(linking, { identifierHash })) };
      });
      const { done, refused } = await atOnceSettled(5, (index) => {
        const { claim, linking } = claims[index]!;
        return linksOf(world, linking).save(proveLink(claim, 'session', at(1)), null);
      });
      expect(done).to.deep.equal([true]);
      for (const refusal of refused) expect(refusal).to.be.instanceOf(IdentifierTaken);
      expect(await world.legacyLinkDirectory.findLinked([identifierHash])).to.have.length(1);
    });

    it('shows nothing of another tenant, and changes nothing there', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const linked = await plantLinked(world, linking);
      const [record] = await plantRequests(world, 1);
      await linksOf(world, linking).stamp(linked, [record!], null, NOW);
      const theirs = world.unitOfWork.stores((await plantTenant(world)).id).legacyLinks;
      expect(await theirs.find(linked.id)).to.equal(null);
      expect((await theirs.listOf(linked.userId, ALL)).items).to.deep.equal([]);
      expect(await theirs.listLinked(linked.userId)).to.deep.equal([]);
      expect(await theirs.countStamped(linked.id)).to.equal(0);
      expect(await theirs.unstamp(linked.id)).to.deep.equal([]);
      expect(await failureOf(theirs.save(endLink(linked, at(2)), null))).to.be.an('error');
      expect(await world.readLegacyOwner(record!.caseId)).to.equal(linked.userId);
    });

    it('keeps what the unit of work keeps', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const claim = await plantLink(world, newLink(linking));
      const [record] = await plantRequests(world, 1);
      await undo(world, linking.user.tenantId, async ({ legacyLinks }) => {
        await legacyLinks.save(proveLink(claim, 'code', at(1)), null);
        await legacyLinks.stamp(claim, [record!], null, NOW);
      });
      expect(await linksOf(world, linking).find(claim.id)).to.include({ status: 'pending', version: 1 });
      expect(await world.readLegacyOwner(record!.caseId)).to.equal(null);
    });
  });
}

function listing(name: string, open: OpenWorld<keyof World>): void {
  describe(`LegacyLinkStore: ${name}, lists`, () => {
    it('lists the links of an account page by page, newest first, those that are over too', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const links = [];
      for (const seconds of [3, 1, 2, 2, 5]) {
        links.push(await plantLink(world, newLink(linking, {}, at(seconds))));
      }
      await linksOf(world, linking).save(endLink(links[0]!, at(9)), null);
      const other = await plantLinking(world, { tenantId: linking.user.tenantId });
      await plantLink(world, newLink(other));
      const pages = await everyPage((page) => linksOf(world, linking).listOf(linking.user.id, page), 2);
      expect(pages.map(({ id }) => id)).to.deep.equal(inOrder(links).map(({ id }) => id));
    });

    it('lists what an admin can decide on, by status if asked', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const links = linksOf(world, linking);
      const [pending, waiting, over] = [
        await plantLink(world, newLink(linking, {}, at(1))),
        await plantLink(world, newLink(linking, {}, at(2))),
        await plantLink(world, newLink(linking, {}, at(3))),
      ];
      await plantLinked(world, linking);
      await links.save(deferLink(waiting, 'code', at(4)), null);
      await links.save(endLink(over, at(4)), null);
      const idsIn = async (status: Parameters<typeof links.listClaims>[0]) =>
        (await links.listClaims(status, ALL)).items.map(({ id }) => id);
      expect(await idsIn(null)).to.deep.equal([waiting.id, pending.id]);
      expect(await idsIn('pending')).to.deep.equal([pending.id]);
      expect(await idsIn('waiting-for-admin')).to.deep.equal([waiting.id]);
    });

    it('lists the links of an account that count', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const linked = [await plantLinked(world, linking), await plantLinked(world, linking)];
      await plantLink(world, newLink(linking));
      const found = await linksOf(world, linking).listLinked(linking.user.id);
      expect(found.map(({ id }) => id).sort()).to.deep.equal(linked.map(({ id }) => id).sort());
    });
  });
}

function stamping(name: string, open: OpenWorld<keyof World>): void {
  describe(`LegacyLinkStore: ${name}, stamps`, () => {
    it('stamps nothing once the link is over', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const linked = await plantLinked(world, linking);
      const records = await plantRequests(world, 1);
      expect(await linksOf(world, linking).save(endLink(linked, at(2)), null)).to.equal(true);
      expect(await linksOf(world, linking).stamp(linked, records, null, NOW)).to.deep.equal([]);
      expect(await world.readLegacyOwner(records[0]!.caseId)).to.equal(null);
    });

    it('makes an account the owner of rows that have none', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const linked = await plantLinked(world, linking);
      const records = await plantRequests(world, 3);
      const stamped = await linksOf(world, linking).stamp(linked, records, null, NOW);
      expect(idsOf(stamped)).to.deep.equal(idsOf(records));
      expect(stamped.every(({ isAdopted }) => !isAdopted)).to.equal(true);
      for (const { caseId } of records) expect(await world.readLegacyOwner(caseId)).to.equal(linking.user.id);
      expect(await linksOf(world, linking).countStamped(linked.id)).to.equal(3);
    });

    it('leaves rows alone that somebody owns, or that say something else by now', async () => {
      const world = await open();
      const [linking, owner] = [await plantLinking(world), await plantLinking(world)];
      const [linked, theirs] = [await plantLinked(world, linking), await plantLinked(world, owner)];
      const [owned, edited, free] = (await plantRequests(world, 3)) as [
        LegacyRecord,
        LegacyRecord,
        LegacyRecord,
      ];
      await linksOf(world, owner).stamp(theirs, [owned], null, NOW);
      const stale = { ...edited, identifier: '000000026' };
      const stamped = await linksOf(world, linking).stamp(linked, [owned, stale, free], null, NOW);
      expect(idsOf(stamped)).to.deep.equal([free.caseId]);
      expect(await world.readLegacyOwner(owned.caseId)).to.equal(owner.user.id);
      expect(await world.readLegacyOwner(edited.caseId)).to.equal(null);
    });

    it('compares what a row does not say, too', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const linked = await plantLinked(world, linking);
      const [silent] = await plantRequests(world, 1, { userId: null });
      const stamped = await linksOf(world, linking).stamp(linked, [silent!], null, NOW);
      expect(idsOf(stamped)).to.deep.equal([silent!.caseId]);
    });

    it('takes the owner from exactly the rows that the link was stamped on', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const [one, other] = [await plantLinked(world, linking), await plantLinked(world, linking)];
      const [first, second] = [await plantRequests(world, 2), await plantRequests(world, 1)];
      await linksOf(world, linking).stamp(one, first, null, NOW);
      await linksOf(world, linking).stamp(other, second, null, NOW);
      expect(idsOf(await linksOf(world, linking).unstamp(one.id))).to.deep.equal(idsOf(first));
      for (const { caseId } of first) expect(await world.readLegacyOwner(caseId)).to.equal(null);
      expect(await world.readLegacyOwner(second[0]!.caseId)).to.equal(linking.user.id);
      expect(await linksOf(world, linking).unstamp(one.id)).to.deep.equal([]);
    });

    it('gives each row to one of many who stamp it at once', async () => {
      const world = await open();
      const records = await plantRequests(world, 4);
      const rivals = await atOnce(4, async () => {
        const linking = await plantLinking(world);
        return { linking, linked: await plantLinked(world, linking) };
      });
      const stamped = await atOnce(4, (index) => {
        const { linked, linking } = rivals[index]!;
        return linksOf(world, linking).stamp(linked, records, null, NOW);
      });
      const all = stamped.flat();
      expect(new Set(idsOf(all))).to.have.property('size', all.length);
      for (const [index, { linking, linked }] of rivals.entries()) {
        expect(await linksOf(world, linking).countStamped(linked.id)).to.equal(stamped[index]!.length);
        for (const { caseId } of stamped[index]!) {
          expect(await world.readLegacyOwner(caseId)).to.equal(linking.user.id);
        }
      }
    });
  });
}

/** What every store of legacy links must do. */
export function legacyLinkStoreContract(name: string, open: OpenWorld<keyof World>): void {
  claiming(name, open);
  saving(name, open);
  listing(name, open);
  stamping(name, open);
}
