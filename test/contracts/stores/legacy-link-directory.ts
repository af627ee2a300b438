import { expect } from 'chai';
import type { StoredLink } from '../../../src/application/ports/stores/legacy-link-store.ts';
import { newHash } from './fixtures.ts';
import { newLink, plantLink, plantLinked, plantLinking } from './legacy-fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Extract<keyof StoreWorld, 'unitOfWork' | 'dataKeyStore' | 'legacyLinkDirectory'>;

/** What every directory of the legacy links of all tenants must do. */
export function legacyLinkDirectoryContract(name: string, open: OpenWorld<World>): void {
  describe(`LegacyLinkDirectory: ${name}`, () => {
    it('finds whose identifiers are, in any tenant, by links that count', async () => {
      const world = await open();
      const [one, other] = [await plantLinking(world), await plantLinking(world)];
      const linked = [await plantLinked(world, one), await plantLinked(world, other)];
      const claim = await plantLink(world, newLink(one));
      const hashes = [...linked, claim].map(({ identifierHash }) => identifierHash);
      const found = await world.legacyLinkDirectory.findLinked([...hashes, newHash()]);
      expect(found.map(({ id }) => id).sort()).to.deep.equal(linked.map(({ id }) => id).sort());
      expect(await world.legacyLinkDirectory.findLinked([])).to.deep.equal([]);
    });

    it('goes through all links that count, by their ids', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const planted = [await plantLinked(world, linking), await plantLinked(world, linking)];
      await plantLink(world, newLink(linking));
      const before = planted.map(({ id }) => id).sort();
      const seen: StoredLink[] = [];
      for (;;) {
        const next = await world.legacyLinkDirectory.nextLinked(seen.at(-1)?.id ?? null, 1);
        if (next.length === 0) break;
        seen.push(...next);
      }
      const ids = seen.map(({ id }) => id);
      expect(ids).to.deep.equal([...ids].sort());
      expect(ids.filter((id) => before.includes(id))).to.deep.equal(before);
      expect(await world.legacyLinkDirectory.countLinked()).to.equal(ids.length);
      expect(seen.find(({ id }) => id === planted[0]!.id)).to.deep.include(planted[0]!);
    });
  });
}
