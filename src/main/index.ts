/** What an embedding program imports: open an installation, or compose the use cases over adapters of its own. */
export type { Adapters } from '../application/adapters.ts';
export type { Application } from '../application/application.ts';
export type { Actor, AnonymousActor, SystemActor, UserActor } from '../domain/access/actor.ts';
export * from '../domain/access/errors.ts';
export * from '../domain/cases/errors.ts';
export * from '../domain/identity/errors.ts';
export { DomainError } from '../domain/shared/domain-error.ts';
export { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../domain/shared/ids.ts';
export * from '../domain/tenancy/errors.ts';
export type { Casegate } from './casegate.ts';
export { compose } from './compose.ts';
export { readConfig, type Config } from './config/config.ts';
export { ConfigRefused } from './config/config-refused.ts';
export { memoryAdapters, type MemoryAdaptersOptions } from './modules/memory-adapters.ts';
export { openCasegate, type OpenOptions } from './open-casegate.ts';
export { serve } from './serve.ts';
export { sizeThreadPool } from './thread-pool.ts';
export { work } from './work.ts';
