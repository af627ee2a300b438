import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { route, type Route } from '../route.ts';
import { Email } from '../schemas/email.ts';
import { LanguageTag } from '../schemas/language-tag.ts';
import { NewPassword } from '../schemas/new-password.ts';
import { ProfileBody, profileBody } from '../schemas/profile-body.ts';
import { SignInTenant } from '../schemas/sign-in-tenant.ts';
import { TokensBody } from '../schemas/tokens-body.ts';
import { UserBody, userBody } from '../schemas/user-body.ts';
import { type SessionMode, SessionModeHeaders } from '../session-mode.ts';

const Registered = TokensBody.extend({ user: UserBody }).meta({ id: 'Registered' });
const SignedIn = TokensBody.extend({ kind: z.literal('signed-in'), user: UserBody }).meta({ id: 'SignedIn' });

const register = (app: Application, sessionMode: SessionMode): Route =>
  route({
    method: 'post',
    path: '/auth/register',
    summary: 'Register as a patient, and be signed in',
    access: 'public',
    limit: 'credentials',
    input: {
      headers: SessionModeHeaders,
      body: z.strictObject({
        email: Email,
        password: NewPassword,
        tenant: SignInTenant,
        language: LanguageTag.optional(),
      }),
    },
    responses: { 201: Registered },
    problems: [
      'identity.email-rejected',
      'identity.email-taken',
      'identity.language-rejected',
      'identity.password-rejected',
      'tenancy.unknown-tenant',
      'request.origin-refused',
      'request.unavailable',
    ],
    pointers: {
      'identity.email-rejected': '/email',
      'identity.language-rejected': '/language',
      'identity.password-rejected': '/password',
      'tenancy.unknown-tenant': '/tenant',
    },
    handle: async ({ body, client, headers }) => {
      sessionMode.checkOrigin(headers);
      const { user, tokens } = await app.identity.registerUser.execute({ ...body, client });
      const reply = sessionMode.replyTo(headers, tokens);
      return { status: 201, body: { user: userBody(user), ...reply.body }, headers: reply.headers };
    },
  });

const login = (app: Application, sessionMode: SessionMode): Route =>
  route({
    method: 'post',
    path: '/auth/login',
    summary: 'Sign in with e-mail and password',
    access: 'public',
    limit: 'credentials',
    input: {
      headers: SessionModeHeaders,
      body: z.strictObject({
        email: Email,
        password: z.string().meta({ format: 'password' }),
        tenant: SignInTenant,
      }),
    },
    responses: { 200: SignedIn },
    problems: ['access.invalid-credentials', 'request.origin-refused', 'request.unavailable'],
    handle: async ({ body, client, headers }) => {
      sessionMode.checkOrigin(headers);
      const { kind, user, tokens } = await app.access.login.execute({ ...body, client });
      const reply = sessionMode.replyTo(headers, tokens);
      return { status: 200, body: { kind, user: userBody(user), ...reply.body }, headers: reply.headers };
    },
  });

const refresh = (app: Application, sessionMode: SessionMode): Route =>
  route({
    method: 'post',
    path: '/auth/refresh',
    summary: 'Trade a refresh token for new tokens',
    access: 'public',
    limit: 'anonymous',
    input: {
      headers: SessionModeHeaders,
      body: z.strictObject({ refreshToken: z.string().max(1024).optional() }).optional(),
    },
    responses: { 200: TokensBody },
    problems: [
      'access.refresh-invalid',
      'access.refresh-reused',
      'request.origin-refused',
      'request.unavailable',
    ],
    handle: async ({ body, headers }) => {
      const presented = sessionMode.presented(headers, body?.refreshToken);
      const tokens = await app.access.refreshToken.execute({ refreshToken: presented.token });
      return { status: 200, ...sessionMode.replyTo(presented.headers, tokens) };
    },
  });

const logout = (app: Application, sessionMode: SessionMode): Route =>
  route({
    method: 'post',
    path: '/auth/logout',
    summary: 'End the session, with its access and refresh tokens',
    access: 'sessions.manage',
    limit: 'authenticated',
    input: { headers: SessionModeHeaders },
    responses: { 204: null },
    handle: async ({ actor, headers }) => {
      await app.access.logout.execute({ actor });
      return { status: 204, headers: sessionMode.ending(headers) };
    },
  });

const readMe = (app: Application): Route =>
  route({
    method: 'get',
    path: '/auth/me',
    summary: 'Read your own account',
    access: 'account.read',
    limit: 'authenticated',
    responses: { 200: ProfileBody },
    handle: async ({ actor }) => ({
      status: 200,
      body: profileBody(await app.identity.getProfile.execute({ actor })),
    }),
  });

const changeMe = (app: Application): Route =>
  route({
    method: 'patch',
    path: '/auth/me',
    summary: 'Change your own account',
    access: 'account.write',
    limit: 'authenticated',
    input: { body: z.strictObject({ language: LanguageTag.optional() }) },
    responses: { 200: ProfileBody },
    problems: ['identity.language-rejected', 'identity.conflict'],
    pointers: { 'identity.language-rejected': '/language' },
    handle: async ({ actor, body }) => ({
      status: 200,
      body: profileBody(await app.identity.updateProfile.execute({ actor, ...body })),
    }),
  });

const changePassword = (app: Application): Route =>
  route({
    method: 'post',
    path: '/auth/password',
    summary: 'Change your own password; every other session ends',
    access: 'account.write',
    limit: 'credentials',
    input: {
      body: z.strictObject({
        currentPassword: z.string().meta({ format: 'password' }),
        newPassword: NewPassword,
      }),
    },
    responses: { 204: null },
    problems: [
      'access.invalid-credentials',
      'identity.password-rejected',
      'identity.conflict',
      'request.unavailable',
    ],
    pointers: { 'identity.password-rejected': '/newPassword' },
    handle: async ({ actor, body }) => {
      await app.identity.changePassword.execute({ actor, ...body });
      return { status: 204 };
    },
  });

/** `/auth`: how people get in, stay in, and get out. */
export const authRoutes = (app: Application, sessionMode: SessionMode): readonly Route[] => [
  register(app, sessionMode),
  login(app, sessionMode),
  refresh(app, sessionMode),
  logout(app, sessionMode),
  readMe(app),
  changeMe(app),
  changePassword(app),
];
