import { z } from 'zod';
import { Adopted } from './receipts.ts';
import { TokensBody } from './tokens-body.ts';
import { UserBody } from './user-body.ts';

/** A session, opened. */
export const SignedInBody = TokensBody.extend({
  kind: z.literal('signed-in'),
  user: UserBody,
  adopted: Adopted,
}).meta({
  id: 'SignedIn',
});

const SecondFactorRequired = z
  .object({
    kind: z.literal('second-factor-required'),
    challengeId: z.uuid(),
    methods: z.array(z.enum(['totp', 'passkey', 'recovery-code'])),
  })
  .meta({
    id: 'SecondFactorRequired',
    description: 'Answer the challenge within five minutes, by one of the methods',
  });

/** What opens the enrolment of a second factor, and nothing else. */
export const EnrolmentRequiredBody = z
  .object({
    kind: z.literal('second-factor-enrolment-required'),
    enrolmentToken: z.string().meta({
      description: 'A bearer token for the routes that enrol a second factor, good for 15 minutes',
    }),
  })
  .meta({ id: 'SecondFactorEnrolmentRequired' });

/** What a sign-in comes to. */
export const SignInBody = z.discriminatedUnion('kind', [
  SignedInBody,
  SecondFactorRequired,
  EnrolmentRequiredBody,
]);
