import type { SystemActor } from '../../domain/access/actor.ts';
import { DEFAULT_TENANT_ID } from '../../domain/shared/ids.ts';

/** Whoever may run the command line: the installation itself, at the practice. */
export const OPERATOR: SystemActor = { kind: 'system', tenantId: DEFAULT_TENANT_ID };
