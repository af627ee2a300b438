import type { Authenticate } from './access/authenticate.ts';
import type { ListPublicKeys } from './access/list-public-keys.ts';
import type { ListSessions } from './access/list-sessions.ts';
import type { ListSigningKeys } from './access/list-signing-keys.ts';
import type { Login } from './access/login.ts';
import type { Logout } from './access/logout.ts';
import type { RefreshToken } from './access/refresh-token.ts';
import type { RevokeOtherSessions } from './access/revoke-other-sessions.ts';
import type { RevokeSession } from './access/revoke-session.ts';
import type { RevokeUserSessions } from './access/revoke-user-sessions.ts';
import type { RotateSigningKeys } from './access/rotate-signing-keys.ts';
import type { GetCase } from './cases/get-case.ts';
import type { ListCases } from './cases/list-cases.ts';
import type { SubmitCase } from './cases/submit-case.ts';
import type { ChangePassword } from './identity/change-password.ts';
import type { CreateUser } from './identity/create-user.ts';
import type { GetProfile } from './identity/get-profile.ts';
import type { GetUser } from './identity/get-user.ts';
import type { ListUsers } from './identity/list-users.ts';
import type { RegisterUser } from './identity/register-user.ts';
import type { UpdateProfile } from './identity/update-profile.ts';
import type { UpdateUser } from './identity/update-user.ts';
import type { CreateTenant } from './tenancy/create-tenant.ts';
import type { FindTenantBySlug } from './tenancy/find-tenant-by-slug.ts';
import type { GetTenant } from './tenancy/get-tenant.ts';
import type { ListTenants } from './tenancy/list-tenants.ts';
import type { UpdateTenant } from './tenancy/update-tenant.ts';

/** All that Casegate does. HTTP, the command line, batch jobs and tests start here. */
export interface Application {
  readonly identity: {
    readonly registerUser: RegisterUser;
    readonly getProfile: GetProfile;
    readonly updateProfile: UpdateProfile;
    readonly changePassword: ChangePassword;
    readonly createUser: CreateUser;
    readonly listUsers: ListUsers;
    readonly getUser: GetUser;
    readonly updateUser: UpdateUser;
  };
  readonly access: {
    readonly authenticate: Authenticate;
    readonly login: Login;
    readonly refreshToken: RefreshToken;
    readonly logout: Logout;
    readonly listSessions: ListSessions;
    readonly revokeSession: RevokeSession;
    readonly revokeOtherSessions: RevokeOtherSessions;
    readonly revokeUserSessions: RevokeUserSessions;
    readonly listPublicKeys: ListPublicKeys;
    readonly listSigningKeys: ListSigningKeys;
    readonly rotateSigningKeys: RotateSigningKeys;
  };
  readonly tenancy: {
    readonly createTenant: CreateTenant;
    readonly listTenants: ListTenants;
    readonly getTenant: GetTenant;
    readonly findTenantBySlug: FindTenantBySlug;
    readonly updateTenant: UpdateTenant;
  };
  readonly cases: {
    readonly submitCase: SubmitCase;
    readonly getCase: GetCase;
    readonly listCases: ListCases;
  };
}
