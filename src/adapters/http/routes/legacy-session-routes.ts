import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { VENDOR_ID_MAX_LENGTH } from '../../../domain/shared/vendor-id.ts';
import { found } from '../found.ts';
import { route, type Route } from '../route.ts';
import { SignInBody } from '../schemas/sign-in-body.ts';
import { type SessionMode, SessionModeHeaders } from '../session-mode.ts';
import { signInReply } from '../sign-in-reply.ts';

/** `/auth/legacy-session`: the way in for those whom the legacy service has signed in. */
export const legacySessionRoutes = (app: Application, sessionMode: SessionMode): readonly Route[] => [
  route({
    method: 'post',
    path: '/auth/legacy-session',
    summary: 'Sign in by a live session of the legacy service, while the operator takes them',
    access: 'public',
    limit: 'credentials',
    input: {
      headers: SessionModeHeaders,
      body: z.strictObject({
        cookie: z.string().meta({
          description: 'The signed cookie of the legacy service (`connect.sid`), percent-encoded or not',
        }),
        vendorId: z
          .string()
          .max(VENDOR_ID_MAX_LENGTH)
          .optional()
          .meta({ description: 'Of the person, where the session does not say it' }),
      }),
    },
    responses: { 200: SignInBody },
    problems: [
      'access.unauthenticated',
      'identity.email-not-verified',
      'legacy.link-required',
      'request.not-found',
      'request.origin-refused',
      'request.unavailable',
    ],
    handle: async ({ body, client, headers }) => {
      sessionMode.checkOrigin(headers);
      const outcome = found(await app.legacy.bridgeLegacySession.execute({ ...body, client }));
      return signInReply(sessionMode, headers, outcome);
    },
  }),
];
