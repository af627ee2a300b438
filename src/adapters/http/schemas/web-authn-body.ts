import { z } from 'zod';

/** Objects of WebAuthn Level 3 that browsers make and read: what is in them is the business of whoever verifies them. */
const Members = z.record(z.string(), z.unknown());

/** `PublicKeyCredential.toJSON()` (WebAuthn Level 3, section 5.1), as browsers answer. */
export const CredentialJson = z.strictObject({
  id: z.string(),
  rawId: z.string(),
  type: z.string(),
  response: Members,
  authenticatorAttachment: z.string().nullish(),
  clientExtensionResults: Members.optional(),
});

/** Options of WebAuthn Level 3, for `PublicKeyCredential.parse…OptionsFromJSON()`. */
export const OptionsBody = z
  .object({ options: Members })
  .meta({ id: 'PasskeyOptions', description: 'For the browser, in the JSON of WebAuthn Level 3' });
