import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { route, type Route } from '../route.ts';
import { ACCEPTED, AcceptedBody } from '../schemas/accepted-body.ts';
import { Email } from '../schemas/email.ts';
import { LanguageTag } from '../schemas/language-tag.ts';
import { NewPassword } from '../schemas/new-password.ts';
import { ProfileBody, profileBody } from '../schemas/profile-body.ts';
import { Adopted, adoptedBody, Receipts } from '../schemas/receipts.ts';
import { SignInTenant } from '../schemas/sign-in-tenant.ts';
import { EnrolmentRequiredBody, SignInBody } from '../schemas/sign-in-body.ts';
import { TokensBody } from '../schemas/tokens-body.ts';
import { UserBody, userBody } from '../schemas/user-body.ts';
import { type SessionMode, SessionModeHeaders } from '../session-mode.ts';
import { signInReply } from '../sign-in-reply.ts';

const Registered = TokensBody.extend({ user: UserBody, adopted: Adopted }).meta({ id: 'Registered' });
const RegisteredForEnrolment = EnrolmentRequiredBody.extend({ user: UserBody }).meta({
  id: 'RegisteredForEnrolment',
});
const VerificationSent = z.object({ status: z.literal('verification-sent') }).meta({
  id: 'VerificationSent',
  description: 'The same for new addresses and for those that have an account',
});

const register = (app: Application, sessionMode: SessionMode): Route =>
  route({
    method: 'post',
    path: '/auth/register',
    summary: 'Register as a patient: be signed in, or get a mail to confirm the address first',
    access: 'public',
    limit: 'credentials',
    input: {
      headers: SessionModeHeaders,
      body: z.strictObject({
        email: Email,
        password: NewPassword,
        tenant: SignInTenant,
        language: LanguageTag.optional(),
        receipts: Receipts.optional(),
      }),
    },
    responses: { 201: z.union([Registered, RegisteredForEnrolment]), 202: VerificationSent },
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
      const outcome = await app.identity.registerUser.execute({ ...body, client });
      if (outcome.kind === 'verification-sent') return { status: 202, body: { status: outcome.kind } };
      const user = userBody(outcome.user);
      if (outcome.kind === 'second-factor-enrolment-required') {
        const { kind, enrolmentToken } = outcome;
        return { status: 201, body: { kind, user, enrolmentToken } };
      }
      const reply = sessionMode.replyTo(headers, outcome.tokens);
      const adopted = adoptedBody(body.receipts, outcome.adopted);
      return { status: 201, body: { user, ...adopted, ...reply.body }, headers: reply.headers };
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
        receipts: Receipts.optional(),
      }),
    },
    responses: { 200: SignInBody },
    problems: [
      'access.invalid-credentials',
      'identity.email-not-verified',
      'request.origin-refused',
      'request.unavailable',
    ],
    handle: async ({ body, client, headers }) => {
      sessionMode.checkOrigin(headers);
      const outcome = await app.access.login.execute({ ...body, client });
      return signInReply(sessionMode, headers, outcome, body.receipts);
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
      'access.step-up-required',
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

const changeEmail = (app: Application): Route =>
  route({
    method: 'post',
    path: '/auth/email/change',
    summary: 'Ask for another e-mail address; it counts once its owner has confirmed it by mail',
    access: 'email.change',
    limit: 'credentials',
    input: { body: z.strictObject({ email: Email }) },
    responses: { 202: AcceptedBody },
    problems: ['identity.email-rejected'],
    pointers: { 'identity.email-rejected': '/email' },
    handle: async ({ actor, body }) => {
      await app.identity.changeEmail.execute({ actor, ...body });
      return { status: 202, body: ACCEPTED };
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
  changeEmail(app),
];
