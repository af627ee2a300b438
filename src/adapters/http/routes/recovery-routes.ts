import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { route, type Route } from '../route.ts';
import { ACCEPTED, AcceptedBody } from '../schemas/accepted-body.ts';
import { Email } from '../schemas/email.ts';
import { MailedToken } from '../schemas/mailed-token.ts';
import { NewPassword } from '../schemas/new-password.ts';
import { SignInTenant } from '../schemas/sign-in-tenant.ts';

const Address = z.strictObject({ email: Email, tenant: SignInTenant });
const Token = z.strictObject({ token: MailedToken });

/** A route that takes an address and answers alike for all of them. */
const askingByAddress = (
  described: Pick<Route, 'path' | 'summary'>,
  ask: (given: z.output<typeof Address>) => Promise<void>,
): Route =>
  route({
    ...described,
    method: 'post',
    access: 'public',
    limit: 'credentials',
    input: { body: Address },
    responses: { 202: AcceptedBody },
    problems: ['request.unavailable'],
    handle: async ({ body }) => {
      await ask(body);
      return { status: 202, body: ACCEPTED };
    },
  });

/** A route that does what a mailed token is good for. */
const spendingToken = (
  described: Pick<Route, 'path' | 'summary'>,
  spend: (given: z.output<typeof Token>) => Promise<void>,
  problems: Route['problems'] = [],
): Route =>
  route({
    ...described,
    method: 'post',
    access: 'public',
    limit: 'credentials',
    input: { body: Token },
    responses: { 204: null },
    problems: ['access.token-invalid', ...problems, 'request.unavailable'],
    handle: async ({ body }) => {
      await spend(body);
      return { status: 204 };
    },
  });

const forgotPassword = (app: Application): Route =>
  askingByAddress(
    { path: '/auth/password/forgot', summary: 'Ask for a mail by which a forgotten password is replaced' },
    (given) => app.identity.requestPasswordReset.execute(given),
  );

const resetPassword = (app: Application): Route =>
  route({
    method: 'post',
    path: '/auth/password/reset',
    summary: 'Choose a password by a mailed token, of a reset or an invitation; every session ends',
    access: 'public',
    limit: 'credentials',
    input: { body: Token.extend({ newPassword: NewPassword }) },
    responses: { 204: null },
    problems: [
      'access.token-invalid',
      'identity.password-rejected',
      'identity.conflict',
      'request.unavailable',
    ],
    pointers: { 'identity.password-rejected': '/newPassword' },
    handle: async ({ body }) => {
      await app.identity.resetPassword.execute(body);
      return { status: 204 };
    },
  });

const verifyEmail = (app: Application): Route =>
  spendingToken(
    { path: '/auth/email/verify', summary: 'Confirm an e-mail address by the token that was mailed to it' },
    (given) => app.identity.verifyEmail.execute(given),
    ['identity.email-taken', 'identity.conflict'],
  );

const resendVerification = (app: Application): Route =>
  askingByAddress(
    {
      path: '/auth/email/verify/resend',
      summary: 'Ask for another mail by which an e-mail address is confirmed',
    },
    (given) => app.identity.resendVerification.execute(given),
  );

const unlockAccount = (app: Application): Route =>
  spendingToken(
    {
      path: '/auth/unlock',
      summary: 'End the lock that too many failures have brought upon your account, by a mailed token',
    },
    (given) => app.access.unlockAccount.execute(given),
  );

const cancelFactorReset = (app: Application): Route =>
  spendingToken(
    {
      path: '/auth/mfa-reset/cancel',
      summary: "Stop an admin's reset of your second factors, by a mailed token",
    },
    (given) => app.access.cancelMfaReset.execute(given),
  );

/** `/auth`: what people ask for and do by mail. */
export const recoveryRoutes = (app: Application): readonly Route[] => [
  forgotPassword(app),
  resetPassword(app),
  verifyEmail(app),
  resendVerification(app),
  unlockAccount(app),
  cancelFactorReset(app),
];
