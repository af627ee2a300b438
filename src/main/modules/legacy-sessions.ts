import { ContainerModule } from 'inversify';
import { BridgeLegacySession } from '../../application/legacy/bridge-legacy-session.ts';
import { provide } from '../token.ts';
import { Tokens } from '../tokens.ts';

/** Binds the use case of feature `legacy` that lets people in by a session of the legacy service. */
export const legacySessionsModule = new ContainerModule((options) => {
  provide(options, BridgeLegacySession, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    legacyCookies: Tokens.legacyCookies,
    legacyLinkDirectory: Tokens.legacyLinkDirectory,
    legacyRequests: Tokens.legacyRequests,
    legacySessions: Tokens.legacySessions,
    legacyTickets: Tokens.legacyTickets,
    refreshTokens: Tokens.refreshTokens,
    secretGenerator: Tokens.secretGenerator,
    settings: Tokens.settings,
    signInChallenges: Tokens.signInChallenges,
    tokenSigner: Tokens.tokenSigner,
    unitOfWork: Tokens.unitOfWork,
    vendorDirectory: Tokens.vendorDirectory,
  });
});
