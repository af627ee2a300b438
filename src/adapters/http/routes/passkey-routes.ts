import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { isBeyond, newestFirst, pageOf } from '../../../domain/shared/page.ts';
import type { Cursors } from '../cursors.ts';
import { RequestRefused } from '../request-refused.ts';
import { route, type Route } from '../route.ts';
import { IdParams } from '../schemas/id-params.ts';
import { pageBody } from '../schemas/page-body.ts';
import { PagingQuery } from '../schemas/paging-query.ts';
import { PasskeyBody, passkeyBody, PasskeyName } from '../schemas/passkey-body.ts';
import { RecoveryCodes } from '../schemas/recovery-codes.ts';
import { SignInBody } from '../schemas/sign-in-body.ts';
import { CredentialJson, OptionsBody } from '../schemas/web-authn-body.ts';
import { type SessionMode, SessionModeHeaders } from '../session-mode.ts';
import { signInReply } from '../sign-in-reply.ts';

const beginRegistration = (app: Application): Route =>
  route({
    method: 'post',
    path: '/auth/passkeys/registration/options',
    summary: 'Begin the registration of a passkey (WebAuthn)',
    access: 'factors.enrol',
    limit: 'authenticated',
    responses: { 200: OptionsBody },
    problems: ['access.passkey-limit'],
    handle: async ({ actor }) => ({
      status: 200,
      body: { options: await app.access.beginPasskeyRegistration.execute({ actor }) },
    }),
  });

const finishRegistration = (app: Application): Route =>
  route({
    method: 'post',
    path: '/auth/passkeys/registration/verify',
    summary: 'Register a passkey: what the browser answered, and what you call it',
    access: 'factors.confirm',
    limit: 'authenticated',
    input: { body: CredentialJson.extend({ name: PasskeyName }) },
    responses: {
      201: z.object({ passkey: PasskeyBody, recoveryCodes: RecoveryCodes.optional() }),
    },
    problems: [
      'access.enrolment-invalid',
      'access.passkey-limit',
      'access.step-up-required',
      'identity.conflict',
    ],
    handle: async ({ actor, body: { name, ...response } }) => {
      const command = { actor, response, name };
      const { passkey, recoveryCodes } = await app.access.finishPasskeyRegistration.execute(command);
      return {
        status: 201,
        body: { passkey: passkeyBody(passkey), ...(recoveryCodes.length > 0 && { recoveryCodes }) },
      };
    },
  });

const beginAuthentication = (app: Application): Route =>
  route({
    method: 'post',
    path: '/auth/passkeys/authentication/options',
    summary: 'Begin a sign-in by passkey (WebAuthn): without a name, or to complete one that waits for it',
    access: 'public',
    limit: 'credentials',
    input: {
      body: z
        .strictObject({
          challengeId: z
            .uuid()
            .toLowerCase()
            .exactOptional()
            .meta({ description: 'Of the sign-in that the passkey is to complete' }),
        })
        .optional(),
    },
    responses: { 200: OptionsBody },
    problems: ['access.second-factor-invalid', 'request.unavailable'],
    handle: async ({ body }) => ({
      status: 200,
      body: { options: await app.access.beginPasskeyAuthentication.execute({ ...body }) },
    }),
  });

const signInWithPasskey = (app: Application, sessionMode: SessionMode): Route =>
  route({
    method: 'post',
    path: '/auth/passkeys/authentication/verify',
    summary: 'Sign in by passkey: what the browser answered',
    access: 'public',
    limit: 'credentials',
    input: { headers: SessionModeHeaders, body: CredentialJson },
    responses: { 200: SignInBody },
    problems: [
      'access.passkey-refused',
      'identity.email-not-verified',
      'request.origin-refused',
      'request.unavailable',
    ],
    handle: async ({ body: response, client, headers }) => {
      sessionMode.checkOrigin(headers);
      const outcome = await app.access.signInWithPasskey.execute({ response, client });
      return signInReply(sessionMode, headers, outcome);
    },
  });

const listPasskeys = (app: Application, cursors: Cursors): Route =>
  route({
    method: 'get',
    path: '/auth/passkeys',
    summary: 'List your own passkeys, newest first',
    access: 'factors.read',
    limit: 'authenticated',
    input: { query: PagingQuery },
    responses: { 200: pageBody(PasskeyBody) },
    handle: async ({ actor, query }) => {
      const scope = { route: '/auth/passkeys', tenantId: actor.tenantId };
      const { limit, after } = cursors.pageOf(scope, query);
      const passkeys = await app.access.listPasskeys.execute({ actor });
      const beyond = passkeys.toSorted(newestFirst).filter((passkey) => isBeyond(passkey, after));
      const page = pageOf(beyond, limit);
      return {
        status: 200,
        body: { items: page.items.map(passkeyBody), nextCursor: cursors.nextOf(scope, page) },
      };
    },
  });

const removePasskey = (app: Application): Route =>
  route({
    method: 'delete',
    path: '/auth/passkeys/:id',
    summary: 'Take one of your passkeys away',
    access: 'factors.remove',
    limit: 'authenticated',
    input: { params: IdParams },
    responses: { 204: null },
    problems: ['access.last-second-factor', 'identity.conflict'],
    handle: async ({ actor, params }) => {
      const removed = await app.access.removePasskey.execute({ actor, passkeyId: params.id });
      if (!removed) throw new RequestRefused('request.not-found');
      return { status: 204 };
    },
  });

/** `/auth/passkeys`: credentials that a device or a password manager keeps. */
export const passkeyRoutes = (
  app: Application,
  cursors: Cursors,
  sessionMode: SessionMode,
): readonly Route[] => [
  beginRegistration(app),
  finishRegistration(app),
  beginAuthentication(app),
  signInWithPasskey(app, sessionMode),
  listPasskeys(app, cursors),
  removePasskey(app),
];
