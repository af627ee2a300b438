import type { Adapters } from '../../src/application/adapters.ts';
import type { Application } from '../../src/application/application.ts';
import type { MailContent } from '../../src/application/ports/gateways/mail-content.ts';
import type { OutgoingMail } from '../../src/application/ports/gateways/mailer.ts';
import type { Settings } from '../../src/application/ports/system/settings.ts';
import type { IssuedTokens } from '../../src/application/steps/open-session.ts';
import { testAdapters } from './memory/test-adapters.ts';
import type { ReadonlyMemoryTables } from '../../src/adapters/memory/memory-tables.ts';
import type { UserActor } from '../../src/domain/access/actor.ts';
import type { SessionClient } from '../../src/domain/access/session.ts';
import type { AuditEntry } from '../../src/domain/audit/audit-entry.ts';
import type { Physician, PhysicianChanges } from '../../src/domain/identity/physician.ts';
import type { Role, User } from '../../src/domain/identity/user.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../src/domain/shared/ids.ts';
import type { Tenant } from '../../src/domain/tenancy/tenant.ts';
import { compose } from '../../src/main/compose.ts';
import { deliverOutbox } from './deliver-outbox.ts';
import { failingAudit } from './failing-audit.ts';
import { LIFETIMES, NO_CLIENT, NOW, PASSWORD, SYSTEM, systemOf } from './builders.ts';
import { signedIn } from './signed-in.ts';
import { withoutIsolation } from './without-isolation.ts';

/** An account, signed in. */
export interface Member {
  readonly user: User;
  readonly tokens: IssuedTokens;
  readonly actor: UserActor;
}

/** A physician, signed in. */
export interface PhysicianMember extends Member {
  readonly physician: Physician;
}

/** What a test may say of an account; the rest is made up. */
export interface GivenMember {
  readonly email?: string;
  readonly password?: string;
  readonly tenant?: Tenant;
  readonly client?: SessionClient;
}

/** What a test may say of a physician; the rest is made up, and he answers in English. */
export type GivenPhysician = GivenMember & PhysicianChanges;

/** How a world differs from the usual one. */
export interface GivenWorld {
  readonly settings?: Partial<Settings>;
  /** Takes the adapters in memory and gives those that the use cases shall run on. */
  readonly replace?: (adapters: Adapters) => Partial<Adapters>;
}

/** Casegate on memory adapters, with what tests need to arrange and to look at. */
export type World = ReturnType<typeof world>;

/** A new installation in memory, at `NOW`, with the lives of `LIFETIMES`. Nothing is left of it. */
export function world({ settings, replace }: GivenWorld = {}) {
  const adapters = testAdapters({ now: NOW, settings: { sessionLifetimes: LIFETIMES, ...settings } });
  const app = compose({ ...adapters, ...replace?.(adapters) });
  const { clock, database } = adapters;
  let lastNumber = 0;
  const aName = (): string => `name-${(lastNumber += 1)}`;

  const rows = <Name extends keyof ReadonlyMemoryTables>(
    table: Name,
  ): Promise<readonly RowOf<ReadonlyMemoryTables[Name]>[]> =>
    database.read((tables) => [...tables[table].values()] as RowOf<ReadonlyMemoryTables[Name]>[]);

  return {
    app,
    /** The same installation, while its audit trail takes nothing. */
    unauditedApp: compose({ ...adapters, unitOfWork: failingAudit(adapters.unitOfWork) }),
    /** The same installation, on a database that lets others change what a unit of work has read. */
    unisolatedApp: compose({ ...adapters, unitOfWork: withoutIsolation(adapters.unitOfWork) }),
    adapters,
    clock,
    /** Every row of a table, in the order in which they were added. */
    rows,
    /** What the audit trail says of an act, oldest first; of all acts unless one is named. */
    audited: async (action?: string): Promise<readonly AuditEntry[]> =>
      (await rows('auditEntries')).filter((entry) => action === undefined || entry.action === action),
    /** A patient who registered himself. */
    patient: (given: GivenMember = {}): Promise<Member> =>
      register(app, { email: `${aName()}@example.org`, ...given }),
    /** An account of any role that the installation made, and that signed in. */
    member: (role: Role, given: GivenMember = {}): Promise<Member> =>
      createAndSignIn(app, role, { email: `${aName()}@example.org`, ...given }),
    /** A physician whom the installation made, and who signed in. */
    physician: (given: GivenPhysician = {}): Promise<PhysicianMember> =>
      createPhysician(app, { email: `${aName()}@example.org`, ...given }),
    /** Does what the outbox asks for, and gives the mails that were sent by this. */
    deliver: async (): Promise<readonly OutgoingMail[]> => {
      const before = adapters.mailer.sent.length;
      await deliverOutbox({ app, database, clock });
      return adapters.mailer.sent.slice(before);
    },
    /** What the last mail of a kind to an address says, once everything was delivered; a fault where there is none. */
    mailTo: async <Kind extends MailContent['kind']>(to: string, kind: Kind): Promise<MailOf<Kind>> => {
      await deliverOutbox({ app, database, clock });
      const contents = adapters.mailer.sent.filter((mail) => mail.to === to).map(({ content }) => content);
      const last = contents.findLast((content): content is MailOf<Kind> => content.kind === kind);
      if (!last) throw new Error(`No mail of the kind ${kind} was sent to this address.`);
      return last;
    },
    /** An organisation beside the practice. */
    tenant: (given: Partial<Tenant> = {}): Promise<Tenant> =>
      app.tenancy.createTenant.execute({
        actor: SYSTEM,
        tenant: { slug: aName(), name: 'A tenant', ...given },
      }),
    signIn: (given: GivenMember & { readonly email: string }): Promise<Member> => signIn(app, given),
    /** Who is behind the access token; `null` where it does not count. */
    whoIs: ({ accessToken }: IssuedTokens): Promise<UserActor | null> =>
      app.access.authenticate.execute({ token: accessToken }),
  };
}

type MailOf<Kind extends MailContent['kind']> = Extract<MailContent, { readonly kind: Kind }>;

type RowOf<Table> = Table extends { readonly values: () => Iterable<infer Row> } ? Row : never;

const slugOf = (tenant: Tenant | undefined): string => tenant?.slug ?? DEFAULT_TENANT_SLUG;

async function memberOf(app: Application, { user, tokens }: Omit<Member, 'actor'>): Promise<Member> {
  const actor = await app.access.authenticate.execute({ token: tokens.accessToken });
  if (!actor) throw new Error('The new session does not count.');
  return { user, tokens, actor };
}

async function register(app: Application, given: GivenMember & { email: string }): Promise<Member> {
  const { email, password = PASSWORD, tenant, client = NO_CLIENT } = given;
  const account = { email, password, tenant: slugOf(tenant), client };
  return memberOf(app, signedIn(await app.identity.registerUser.execute(account)));
}

async function signIn(app: Application, given: GivenMember & { email: string }): Promise<Member> {
  const { email, password = PASSWORD, tenant, client = NO_CLIENT } = given;
  const attempt = { email, password, tenant: slugOf(tenant), client };
  return memberOf(app, signedIn(await app.access.login.execute(attempt)));
}

async function createAndSignIn(
  app: Application,
  role: Role,
  given: GivenMember & { email: string },
): Promise<Member> {
  const { email, password = PASSWORD, tenant } = given;
  const actor = systemOf(tenant?.id ?? DEFAULT_TENANT_ID);
  await app.identity.createUser.execute({ actor, role, email, password });
  return signIn(app, given);
}

async function createPhysician(
  app: Application,
  given: GivenPhysician & { email: string },
): Promise<PhysicianMember> {
  const { email, password, tenant, client, ...changes } = given;
  const account = {
    email,
    ...(password !== undefined && { password }),
    ...(tenant && { tenant }),
    ...(client && { client }),
  };
  const member = await createAndSignIn(app, 'physician', account);
  const physician = await app.identity.createPhysician.execute({
    actor: systemOf(member.user.tenantId),
    physician: { userId: member.user.id, languagePreference: 'en', ...changes },
  });
  if (!physician) throw new Error('The account of the physician is not there.');
  return { ...member, physician };
}
