import type { MfaResetId, TenantId, UserId } from '../shared/ids.ts';

/** An admin's reset of somebody's second factors, which waits for a day so that the owner can stop it. */
export interface MfaReset {
  readonly id: MfaResetId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** The admin; `null` for the installation itself. */
  readonly requestedBy: UserId | null;
  readonly requestedAt: Date;
  readonly dueAt: Date;
}
