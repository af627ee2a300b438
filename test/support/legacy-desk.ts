import type { GrantedLink, GrantLegacyLinkCommand } from '../../src/application/legacy/grant-legacy-link.ts';
import type { LinkLegacyIdentifierCommand } from '../../src/application/legacy/link-legacy-identifier.ts';
import type { ProofOutcome } from '../../src/application/legacy/prove-legacy-link.ts';
import type { LegacyProof } from '../../src/application/steps/check-link-proof.ts';
import type { PlantedRequest } from '../contracts/stores/store-world.ts';
import { newRequest } from '../contracts/stores/legacy-fixtures.ts';
import { systemOf } from './builders.ts';
import type { Member, World } from './world.ts';

/** The person whom the records of these tests are of, unless told: a code can reach him. */
export const RECORD = {
  vendorId: 'North',
  userId: 'u-5',
  identifier: 'dana@records.example',
} satisfies Partial<PlantedRequest>;

/** By which the same person is looked up. */
const IDENTIFIER = { vendorId: 'north', kind: 'email', identifier: RECORD.identifier } as const;

/** What tests of linking do again and again. */
export function legacyDesk({ adapters, app, mailTo }: World) {
  const claim = (member: Member, given: Partial<LinkLegacyIdentifierCommand> = {}) =>
    app.legacy.linkLegacyIdentifier.execute({
      actor: member.actor,
      ...IDENTIFIER,
      ...given,
    });
  const prove = (member: Member, linkId: string, proof: LegacyProof): Promise<ProofOutcome | null> =>
    app.legacy.proveLegacyLink.execute({ actor: member.actor, linkId, proof });
  const codeTo = async (address: string): Promise<string> => (await mailTo(address, 'legacy-link-code')).code;
  return {
    claim,
    prove,
    codeTo,
    /** Links by the operator's word. */
    grant: ({ user }: Member, given: Partial<GrantLegacyLinkCommand> = {}): Promise<GrantedLink> =>
      app.legacy.grantLegacyLink.execute({
        actor: systemOf(user.tenantId),
        email: user.email,
        ...IDENTIFIER,
        reason: 'Known to the practice',
        ...given,
      }),
    /** Writes a request as the legacy service does. */
    request: async (given: Partial<PlantedRequest> = {}): Promise<string> => {
      const request = newRequest({ ...RECORD, ...given });
      await adapters.database.write((tables) => {
        const ownerId = tables.legacyRequests.get(request.caseId)?.ownerId ?? null;
        tables.legacyRequests.set(request.caseId, { ...request, ownerId });
      });
      return request.caseId;
    },
    /** Whose a legacy request is. */
    ownerOf: (caseId: string): Promise<string | null> =>
      adapters.database.read((tables) => tables.legacyRequests.get(caseId)?.ownerId ?? null),
    /** Claims an identifier and proves it by the code that goes to its records. @returns the link's id */
    link: async (
      member: Member,
      given: Partial<LinkLegacyIdentifierCommand> = {},
      contact = RECORD.identifier,
    ) => {
      const { link } = await claim(member, given);
      await prove(member, link.id, { method: 'code', code: await codeTo(contact) });
      return link.id;
    },
  };
}
