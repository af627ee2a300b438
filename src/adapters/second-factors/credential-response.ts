import { z } from 'zod';
import { Base64Url } from './base64url.ts';

/** Characters of 1,023 octets, which a credential's id may have (WebAuthn Level 3, section 7.1). */
const MAX_ID_LENGTH = 1364;

const CredentialId = Base64Url.max(MAX_ID_LENGTH);

const envelope = <Response extends z.ZodType>(response: Response) =>
  z.object({ id: CredentialId, rawId: CredentialId, type: z.literal('public-key'), response });

/** What every answer of an authenticator has; members that are not named here are left out. */
export const CredentialResponse = envelope(z.object({ clientDataJSON: Base64Url }));

/** `RegistrationResponseJSON` (WebAuthn Level 3, section 5.1): what of it is used. Browsers may come to know other transports. */
export const RegistrationResponse = envelope(
  z.object({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: z
      .array(z.string().regex(/^[a-z][a-z-]{0,31}$/))
      .max(16)
      .default([]),
  }),
);

/** `AuthenticationResponseJSON` (WebAuthn Level 3, section 5.1): what of it is used. */
export const AuthenticationResponse = envelope(
  z.object({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: Base64Url.nullish(),
  }),
);

/** What of it is used. */
export type AuthenticationResponse = z.infer<typeof AuthenticationResponse>;
