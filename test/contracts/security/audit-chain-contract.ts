import { expect } from 'chai';
import type { AuditChain } from '../../../src/application/ports/security/audit-chain.ts';
import type { ChainPart } from '../../../src/domain/audit/audit-chain.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** Every part there is: one that is left out does not compile. */
const PARTS = Object.keys({
  record: true,
  link: true,
  batch: true,
  seal: true,
  head: true,
} satisfies Record<ChainPart, true>) as ChainPart[];

/**
 * What every audit chain does.
 *
 * @param make a new one, under a key of its own
 */
export function auditChainContract(name: string, make: () => AuditChain | Promise<AuditChain>): void {
  describe(`${name} as an audit chain`, () => {
    it('gives 32 octets, the same for the same part and content', async () => {
      const { mac } = await make();
      expect(mac('record', '')).to.have.length(32);
      expect(hex(mac('link', 'content'))).to.equal(hex(mac('link', 'content')));
    });

    it('gives something else for another content', async () => {
      const { mac } = await make();
      const contents = ['content', 'Content', 'content ', 'contént', 'content\0', ''];
      expect(new Set(contents.map((content) => hex(mac('record', content)))).size).to.equal(contents.length);
    });

    it('gives something else for another part, so that none stands for another', async () => {
      const { mac } = await make();
      expect(new Set(PARTS.map((part) => hex(mac(part, 'content')))).size).to.equal(PARTS.length);
    });

    it('gives something else under another key', async () => {
      const [one, other] = [await make(), await make()];
      expect(hex(one.mac('seal', 'content'))).not.to.equal(hex(other.mac('seal', 'content')));
    });
  });
}
