import { Container } from 'inversify';
import type { Adapters } from '../application/adapters.ts';
import type { Application } from '../application/application.ts';
import { Authenticate } from '../application/access/authenticate.ts';
import { ListPublicKeys } from '../application/access/list-public-keys.ts';
import { ListSessions } from '../application/access/list-sessions.ts';
import { ListSigningKeys } from '../application/access/list-signing-keys.ts';
import { Login } from '../application/access/login.ts';
import { Logout } from '../application/access/logout.ts';
import { RefreshToken } from '../application/access/refresh-token.ts';
import { RevokeOtherSessions } from '../application/access/revoke-other-sessions.ts';
import { RevokeSession } from '../application/access/revoke-session.ts';
import { RevokeUserSessions } from '../application/access/revoke-user-sessions.ts';
import { RotateSigningKeys } from '../application/access/rotate-signing-keys.ts';
import { GetCase } from '../application/cases/get-case.ts';
import { ListCases } from '../application/cases/list-cases.ts';
import { SubmitCase } from '../application/cases/submit-case.ts';
import { ChangePassword } from '../application/identity/change-password.ts';
import { CreateUser } from '../application/identity/create-user.ts';
import { GetProfile } from '../application/identity/get-profile.ts';
import { GetUser } from '../application/identity/get-user.ts';
import { ListUsers } from '../application/identity/list-users.ts';
import { RegisterUser } from '../application/identity/register-user.ts';
import { UpdateProfile } from '../application/identity/update-profile.ts';
import { UpdateUser } from '../application/identity/update-user.ts';
import { CreateTenant } from '../application/tenancy/create-tenant.ts';
import { FindTenantBySlug } from '../application/tenancy/find-tenant-by-slug.ts';
import { GetTenant } from '../application/tenancy/get-tenant.ts';
import { ListTenants } from '../application/tenancy/list-tenants.ts';
import { UpdateTenant } from '../application/tenancy/update-tenant.ts';
import { accessModule } from './modules/access.ts';
import { casesModule } from './modules/cases.ts';
import { identityModule } from './modules/identity.ts';
import { tenancyModule } from './modules/tenancy.ts';
import { Tokens } from './tokens.ts';

/**
 * Wires the use cases to their adapters: what HTTP, the command line, batch jobs and tests start from. Nothing outside this
 * directory sees the container.
 */
export function compose(adapters: Adapters): Application {
  const container = new Container();
  for (const name of Object.keys(Tokens) as (keyof Adapters)[]) {
    container.bind(Tokens[name].symbol).toConstantValue(adapters[name]);
  }
  container.load(identityModule, accessModule, tenancyModule, casesModule);
  return {
    identity: {
      registerUser: container.get(RegisterUser),
      getProfile: container.get(GetProfile),
      updateProfile: container.get(UpdateProfile),
      changePassword: container.get(ChangePassword),
      createUser: container.get(CreateUser),
      listUsers: container.get(ListUsers),
      getUser: container.get(GetUser),
      updateUser: container.get(UpdateUser),
    },
    access: {
      authenticate: container.get(Authenticate),
      login: container.get(Login),
      refreshToken: container.get(RefreshToken),
      logout: container.get(Logout),
      listSessions: container.get(ListSessions),
      revokeSession: container.get(RevokeSession),
      revokeOtherSessions: container.get(RevokeOtherSessions),
      revokeUserSessions: container.get(RevokeUserSessions),
      listPublicKeys: container.get(ListPublicKeys),
      listSigningKeys: container.get(ListSigningKeys),
      rotateSigningKeys: container.get(RotateSigningKeys),
    },
    tenancy: {
      createTenant: container.get(CreateTenant),
      listTenants: container.get(ListTenants),
      getTenant: container.get(GetTenant),
      findTenantBySlug: container.get(FindTenantBySlug),
      updateTenant: container.get(UpdateTenant),
    },
    cases: {
      submitCase: container.get(SubmitCase),
      getCase: container.get(GetCase),
      listCases: container.get(ListCases),
    },
  };
}
