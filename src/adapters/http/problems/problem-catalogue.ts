import type { DomainErrorCode } from './domain-error-code.ts';
import { LEGACY_PROBLEMS } from './legacy-problems.ts';

/** The codes of refusals that HTTP itself makes, before or beside any use case. */
export type RequestCode =
  | 'request.bad-request'
  | 'request.malformed-json'
  | 'request.not-found'
  | 'request.method-not-allowed'
  | 'request.origin-refused'
  | 'request.timeout'
  | 'request.payload-too-large'
  | 'request.unsupported-media-type'
  | 'request.invalid'
  | 'request.headers-too-large'
  | 'request.internal';

/** Every code that an answer can carry. */
export type ProblemCode = DomainErrorCode | RequestCode;

/** What is the same in each occurrence of a problem. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** For the documentation: what it means and what to do about it. */
  readonly meaning: string;
}

/** Every problem that the service answers with, by its code. An error class of the domain without a line here does not compile. */
export const PROBLEMS = {
  ...LEGACY_PROBLEMS,
  'access.unauthenticated': {
    status: 401,
    title: 'Not signed in',
    meaning:
      'The request carries no credential, or one that does not count: expired, revoked, malformed, or of a disabled account. Sign in or refresh, and send the access token as `Authorization: Bearer …`. A bad credential is refused even where none is needed.',
  },
  'access.forbidden': {
    status: 403,
    title: 'Not allowed',
    meaning:
      'The account is known, and its role or tenant may not do this. Repeating the request does not help. A physician who claims a case may be told so for its pool, its language, his vacation or his limit of open cases.',
  },
  'access.invalid-credentials': {
    status: 401,
    title: 'Invalid credentials',
    meaning:
      'The e-mail address, the password or the tenant is wrong, or the account is disabled: the answer does not tell which.',
  },
  'access.token-invalid': {
    status: 400,
    title: 'Invalid link',
    meaning:
      'The token of a mailed link is unknown, expired, used already, or replaced by a newer one. Ask for a new mail.',
  },
  'access.second-factor-invalid': {
    status: 401,
    title: 'Invalid second factor',
    meaning:
      'The code or recovery code is wrong or was used before, or the sign-in that waits for it is unknown, answered or expired. Try the next code, or sign in again.',
  },
  'access.passkey-refused': {
    status: 401,
    title: 'Passkey refused',
    meaning:
      'The passkey is unknown, does not answer a challenge that was given moments ago, or did not make sure of its owner where that is needed: the answer does not tell which.',
  },
  'access.step-up-required': {
    status: 403,
    title: 'Recent proof required',
    meaning:
      'The act needs a proof of who you are from the last 300 seconds, and by two factors where the account has a second one (RFC 9470). Confirm with `POST /auth/step-up`, and repeat it with the access token that this gives.',
  },
  'access.enrolment-invalid': {
    status: 400,
    title: 'Enrolment invalid',
    meaning:
      'The enrolment of a second factor was not begun by this account, was begun anew meanwhile, took too long, or its answer is not right. Begin it again.',
  },
  'access.last-second-factor': {
    status: 409,
    title: 'Last second factor',
    meaning: 'The account must have a second factor, and this is the last one. Add another first.',
  },
  'access.passkey-limit': {
    status: 409,
    title: 'Passkey not added',
    meaning: 'The account has 20 passkeys, which is the most, or the passkey is registered already.',
  },
  'access.mfa-reset-pending': {
    status: 409,
    title: 'Reset under way',
    meaning:
      'A reset of the second factors of this account waits already. It happens a day after it was asked for, unless the owner stops it.',
  },
  'access.reason-rejected': {
    status: 422,
    title: 'Reason rejected',
    meaning: 'The reason must have 1 to 1,000 code points of well-formed Unicode, not all of them blank.',
  },
  'access.refresh-invalid': {
    status: 401,
    title: 'Invalid refresh token',
    meaning: 'The refresh token is unknown or expired, or its session is over. Sign in again.',
  },
  'access.refresh-reused': {
    status: 401,
    title: 'Refresh token used twice',
    meaning:
      'The refresh token was traded before, longer ago than a retry takes, so somebody has a copy of it: its session was ended. Sign in again.',
  },
  'cases.conflict': {
    status: 409,
    title: 'Case changed meanwhile',
    meaning:
      'Somebody else took or changed the case: it is of another version than the one that was sent or found, or it has an assignee. Nothing was done. Read it again, and decide anew.',
  },
  'cases.grant-reviewed': {
    status: 409,
    title: 'Reviewed already',
    meaning: 'Somebody has reviewed this grant; a review is never replaced by another.',
  },
  'cases.language-rejected': {
    status: 422,
    title: 'Language rejected',
    meaning: 'The language of a case is no language tag (BCP 47). Write it like `en`, `he` or `pt-BR`.',
  },
  'cases.legacy-question-too-long': {
    status: 409,
    title: 'Question too long',
    meaning:
      'The question of the legacy case has more than 20,000 code points, so that no case can hold it whole. Nothing was changed; its patient reads it as before.',
  },
  'cases.not-allowed-in-state': {
    status: 409,
    title: 'Not in this state',
    meaning:
      'The act does not go with the state that the case is in, or the time or the number of follow-ups is used up: `detail` says which. Read the case again before another attempt.',
  },
  'cases.outcome-rejected': {
    status: 422,
    title: 'Outcome rejected',
    meaning:
      'The outcome of a review must have 1 to 100 code points of well-formed Unicode, not all of them blank, such as `justified`.',
  },
  'cases.physician-not-eligible': {
    status: 409,
    title: 'Physician not eligible',
    meaning:
      'The case cannot be given to this physician; `detail` says why: another organisation or pool, a language that he does not answer in, a vacation, or an account that is disabled or of another role. Choose another physician.',
  },
  'cases.reason-rejected': {
    status: 422,
    title: 'Reason rejected',
    meaning: 'The reason must have 1 to 1,000 code points of well-formed Unicode, not all of them blank.',
  },
  'cases.receipt-unknown': {
    status: 404,
    title: 'Receipt unknown',
    meaning:
      'There is no anonymous case for this receipt: it is not one, its 24 hours are over, or its case was adopted already.',
  },
  'cases.submission-hidden': {
    status: 404,
    title: 'Case hidden',
    meaning:
      'A repetition of `POST /cases` by its `Idempotency-Key`: the case was made then, and its sender does not see it any more. It was hidden by an admin, or an account has adopted it.',
  },
  'cases.text-rejected': {
    status: 422,
    title: 'Text rejected',
    meaning:
      'The text of a case must have 1 to 20,000 code points of well-formed Unicode, not all of them blank.',
  },
  'identity.conflict': {
    status: 409,
    title: 'Account changed meanwhile',
    meaning: 'Another request changed the account at the same time. Read it again and repeat the change.',
  },
  'identity.email-rejected': {
    status: 422,
    title: 'E-mail address rejected',
    meaning: 'What was given is no e-mail address. Write it as name@host, with at most 254 characters.',
  },
  'identity.email-not-verified': {
    status: 403,
    title: 'E-mail address not confirmed',
    meaning:
      'The proof is right, and the address of the account was not confirmed yet. Follow the link in the mail, or ask for another with `POST /auth/email/verify/resend`.',
  },
  'identity.email-taken': {
    status: 409,
    title: 'E-mail address taken',
    meaning: 'An account of the tenant has this address already. Sign in, or use another address.',
  },
  'identity.language-rejected': {
    status: 422,
    title: 'Language rejected',
    meaning: 'The language of an account is no language tag (BCP 47). Write it like `en`, `he` or `pt-BR`.',
  },
  'identity.last-admin': {
    status: 409,
    title: 'Last admin',
    meaning:
      'The change would leave the tenant without an active admin. Make another account an admin first.',
  },
  'identity.case-limit-rejected': {
    status: 422,
    title: 'Case limit rejected',
    meaning: 'How many open cases a physician may have at a time is a whole number from 1 to 1,000.',
  },
  'identity.not-a-physician': {
    status: 409,
    title: 'Not a physician',
    meaning: 'A physician is made of an account of this role only. Change the role of the account first.',
  },
  'identity.physician-conflict': {
    status: 409,
    title: 'Physician changed meanwhile',
    meaning: 'Another request changed the physician at the same time. Read it again and repeat the change.',
  },
  'identity.physician-exists': {
    status: 409,
    title: 'Physician exists',
    meaning: 'There is a physician for this account already. Change that one.',
  },
  'identity.pool-rejected': {
    status: 422,
    title: 'Pool rejected',
    meaning: 'The name of a pool has 1 to 100 code points of well-formed Unicode, not all of them blank.',
  },
  'identity.too-many-languages': {
    status: 422,
    title: 'Too many languages',
    meaning: 'A physician has at most 20 languages, the preferred one among them.',
  },
  'identity.password-rejected': {
    status: 422,
    title: 'Password rejected',
    meaning:
      'The policy does not allow the new password; `detail` says why: too short, too long, too common, made of the address or of the name of the service, or not well-formed Unicode. There are no rules on its composition.',
  },
  'identity.password-hash-rejected': {
    status: 422,
    title: 'Password hash rejected',
    meaning:
      'No request takes hashes; it stands in the report of an import. The hash is of no known format, damaged, or costs more to compare with than a sign-in may. Import the row without it: its owner then chooses a password by mail.',
  },
  'request.bad-request': {
    status: 400,
    title: 'Bad request',
    meaning:
      'The request is not well-formed HTTP: no Host header or more than one, a malformed address, a broken body framing.',
  },
  'request.headers-too-large': {
    status: 431,
    title: 'Headers too large',
    meaning: 'The request has more than 100 header fields, or its head is larger than 16 KiB.',
  },
  'request.idempotency-key-in-use': {
    status: 409,
    title: 'Still under way',
    meaning:
      'The first request with this `Idempotency-Key` has not been answered yet. Repeat it after as many seconds as `Retry-After` says.',
  },
  'request.idempotency-key-reused': {
    status: 422,
    title: 'Key of another request',
    meaning:
      'This `Idempotency-Key` came with a request of a different content in the last 24 hours. Nothing was done. Send each new request with a key of its own.',
  },
  'request.internal': {
    status: 500,
    title: 'Internal error',
    meaning:
      'A fault of the service. Tell its operator the `requestId`, under which the log has the details.',
  },
  'request.invalid': {
    status: 422,
    title: 'Invalid request',
    meaning:
      'Fields of the body, the query or the path are missing, unknown or not of the right form. `errors` names each by a JSON pointer (RFC 6901).',
  },
  'request.malformed-json': {
    status: 400,
    title: 'Malformed JSON',
    meaning: 'The body is not a JSON object in UTF-8 (RFC 8259), or it is nested more than 32 levels deep.',
  },
  'request.method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    meaning: 'The path exists, and does not know this method. `Allow` lists those that it knows.',
  },
  'request.not-found': {
    status: 404,
    title: 'Not found',
    meaning:
      'There is nothing at this path, or nothing that the caller may see. Paths are case-sensitive and have no slash at the end.',
  },
  'request.origin-refused': {
    status: 403,
    title: 'Origin refused',
    meaning:
      'A refresh token in a cookie counts only from pages of the service itself and of the origins that its operator listed (`CORS_ORIGINS`).',
  },
  'request.payload-too-large': {
    status: 413,
    title: 'Payload too large',
    meaning: 'The body has more than 64 KiB.',
  },
  'request.rate-limited': {
    status: 429,
    title: 'Too many requests',
    meaning:
      'The address or the account has used up its share, or has failed to prove itself too often. Wait for as many seconds as `Retry-After` says.',
  },
  'request.timeout': {
    status: 408,
    title: 'Request timeout',
    meaning: 'The request did not arrive in full in time.',
  },
  'request.unavailable': {
    status: 503,
    title: 'Temporarily unavailable',
    meaning:
      'A part that the answer needs is busy or out of reach. A write that was under way may have been done or not. Try again after as many seconds as `Retry-After` says.',
  },
  'request.unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    meaning: 'Bodies are taken as `application/json` in UTF-8, without a content encoding.',
  },
  'tenancy.conflict': {
    status: 409,
    title: 'Tenant changed meanwhile',
    meaning: 'Another request changed the tenant at the same time. Read it again and repeat the change.',
  },
  'tenancy.due-hours-rejected': {
    status: 422,
    title: 'Due times rejected',
    meaning:
      'Due times are whole hours from 1 to 8,760, and nothing is due before what is more pressing: `asap` is at most `urgent`, and `urgent` at most `routine`.',
  },
  'tenancy.pool-rejected': {
    status: 422,
    title: 'Pool rejected',
    meaning: 'The name of a pool has 1 to 100 code points of well-formed Unicode, not all of them blank.',
  },
  'tenancy.slug-rejected': {
    status: 422,
    title: 'Slug rejected',
    meaning:
      'A slug has 1 to 63 lower-case letters, digits and hyphens, with a letter or digit at either end (a DNS label, RFC 1123).',
  },
  'tenancy.slug-taken': {
    status: 409,
    title: 'Slug taken',
    meaning: 'Another tenant has this slug. Choose a different one.',
  },
  'tenancy.unknown-tenant': {
    status: 422,
    title: 'Unknown tenant',
    meaning: 'There is no tenant of this slug. Leave `tenant` out to register with the practice itself.',
  },
} as const satisfies Record<ProblemCode, ProblemKind>;
