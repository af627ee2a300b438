import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type { UserId } from '../../../domain/shared/ids.ts';
import type { User } from '../../../domain/identity/user.ts';

/** The accounts of one tenant. */
export interface UserStore {
  /** @returns `null` where the tenant has no such account */
  readonly find: (id: UserId) => Promise<User | null>;
  /**
   * The account, held until the unit of work ends (SELECT … FOR SHARE), so that nobody changes it meanwhile.
   *
   * @returns `null` where the tenant has no such account
   */
  readonly lock: (id: UserId) => Promise<User | null>;
  /** Newest first. */
  readonly list: (request: PageRequest) => Promise<Page<User>>;
  /**
   * Active admins of the tenant, held against change by others until the unit of work ends: two changes that would each remove
   * one of the last two take turns.
   */
  readonly listActiveAdminsForUpdate: () => Promise<readonly UserId[]>;
  /** Active admins of the tenant, by id; whether or not they have confirmed their address. */
  readonly listActiveAdmins: () => Promise<readonly User[]>;
  /** @throws {EmailTaken} where another account of the tenant has the address, in whatever case it is written */
  readonly add: (user: User) => Promise<void>;
  /**
   * Replaces the account whose version is one below `user.version`. A grown `tokenEpoch` revokes the access tokens made before.
   *
   * @throws {UserConflict} where it was saved meanwhile
   */
  readonly save: (user: User) => Promise<void>;
}
