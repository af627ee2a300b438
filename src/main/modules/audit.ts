import { ContainerModule } from 'inversify';
import { ListAuditEntries } from '../../application/audit/list-audit-entries.ts';
import { SealAuditTrail } from '../../application/audit/seal-audit-trail.ts';
import { VerifyAuditTrail } from '../../application/audit/verify-audit-trail.ts';
import { provide } from '../token.ts';
import { Tokens } from '../tokens.ts';

/** Binds the use cases of feature `audit`. */
export const auditModule = new ContainerModule((options) => {
  provide(options, ListAuditEntries, {
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, SealAuditTrail, {
    auditChain: Tokens.auditChain,
    auditSeals: Tokens.auditSeals,
    clock: Tokens.clock,
  });
  provide(options, VerifyAuditTrail, {
    auditChain: Tokens.auditChain,
    auditSeals: Tokens.auditSeals,
    clock: Tokens.clock,
  });
});
