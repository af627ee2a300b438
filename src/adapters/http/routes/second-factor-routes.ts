import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { route, type Route } from '../route.ts';
import { RecoveryCodes } from '../schemas/recovery-codes.ts';
import { SignedInBody } from '../schemas/sign-in-body.ts';
import { TokensBody } from '../schemas/tokens-body.ts';
import { StepUpBody, TotpCode, TypedCodeBody } from '../schemas/typed-proof.ts';
import { type SessionMode, SessionModeHeaders } from '../session-mode.ts';
import { signedInReply } from '../signed-in-reply.ts';

const ChallengeParams = z.strictObject({ challengeId: z.uuid().toLowerCase() });

const TotpEnrolment = z
  .object({
    secret: z.string().meta({ description: 'base32 (RFC 4648); shown this once' }),
    otpauthUri: z.string().meta({ description: 'For authenticator apps' }),
    qrSvg: z.string().meta({ description: 'The same as a QR code, in SVG' }),
  })
  .meta({ id: 'TotpEnrolment' });

const SteppedUp = TokensBody.pick({ accessToken: true, tokenType: true, expiresIn: true }).meta({
  id: 'SteppedUp',
});

const beginTotp = (app: Application): Route =>
  route({
    method: 'post',
    path: '/auth/mfa/totp',
    summary: 'Begin the enrolment of an authenticator app (RFC 6238)',
    access: 'factors.enrol',
    limit: 'authenticated',
    responses: { 201: TotpEnrolment },
    handle: async ({ actor }) => ({
      status: 201,
      body: await app.access.beginTotpEnrolment.execute({ actor }),
    }),
  });

const confirmTotp = (app: Application): Route =>
  route({
    method: 'post',
    path: '/auth/mfa/totp/confirm',
    summary: 'Confirm an authenticator app by its first code, and get recovery codes',
    access: 'factors.confirm',
    limit: 'credentials',
    input: { body: z.strictObject({ code: TotpCode }) },
    responses: { 200: z.object({ recoveryCodes: RecoveryCodes }) },
    problems: [
      'access.enrolment-invalid',
      'access.second-factor-invalid',
      'access.step-up-required',
      'identity.conflict',
    ],
    handle: async ({ actor, body }) => ({
      status: 200,
      body: await app.access.confirmTotpEnrolment.execute({ actor, ...body }),
    }),
  });

const removeTotp = (app: Application): Route =>
  route({
    method: 'delete',
    path: '/auth/mfa/totp',
    summary: 'Take your authenticator app away',
    access: 'factors.remove',
    limit: 'authenticated',
    responses: { 204: null },
    problems: ['access.last-second-factor', 'identity.conflict'],
    handle: async ({ actor }) => {
      await app.access.removeTotp.execute({ actor });
      return { status: 204 };
    },
  });

const answerChallenge = (app: Application, sessionMode: SessionMode): Route =>
  route({
    method: 'post',
    path: '/auth/mfa/challenges/:challengeId',
    summary: 'Complete a sign-in with a code of the authenticator app, or a recovery code',
    access: 'public',
    limit: 'credentials',
    input: { params: ChallengeParams, headers: SessionModeHeaders, body: TypedCodeBody },
    responses: { 200: SignedInBody },
    problems: ['access.second-factor-invalid', 'request.origin-refused', 'request.unavailable'],
    handle: async ({ body: answer, client, headers, params }) => {
      sessionMode.checkOrigin(headers);
      const command = { challengeId: params.challengeId, answer, client };
      return signedInReply(sessionMode, headers, await app.access.answerChallenge.execute(command));
    },
  });

const stepUp = (app: Application): Route =>
  route({
    method: 'post',
    path: '/auth/step-up',
    summary: 'Prove anew who you are, and get an access token that says so (RFC 9470)',
    access: 'sessions.manage',
    limit: 'credentials',
    input: { body: StepUpBody },
    responses: { 200: SteppedUp },
    problems: ['access.invalid-credentials', 'access.second-factor-invalid'],
    handle: async ({ actor, body: proof }) => {
      const { accessToken, expiresIn } = await app.access.stepUp.execute({ actor, proof });
      return { status: 200, body: { accessToken, tokenType: 'Bearer', expiresIn } };
    },
  });

/** `/auth`: second factors that are typed, and proving anew who one is. */
export const secondFactorRoutes = (app: Application, sessionMode: SessionMode): readonly Route[] => [
  beginTotp(app),
  confirmTotp(app),
  removeTotp(app),
  answerChallenge(app, sessionMode),
  stepUp(app),
];
