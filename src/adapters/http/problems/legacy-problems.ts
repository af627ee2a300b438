/** What is answered about identifiers, sessions and cases of the legacy service. */
export const LEGACY_PROBLEMS = {
  'legacy.identifier-rejected': {
    status: 422,
    title: 'Identifier rejected',
    meaning:
      'What was given can be no identifier of its kind: a national id whose check digit is wrong, a phone number without its digits, an address without its `@`. It says nothing of whether anybody has it.',
  },
  'legacy.identifier-placeholder': {
    status: 409,
    title: 'Identifier of nobody',
    meaning:
      'The identifier is one that is written where somebody has none, such as `000000000`. It cannot be linked in a batch, and a claim to it can only be rejected.',
  },
  'legacy.identifier-taken': {
    status: 409,
    title: 'Identifier taken',
    meaning:
      'The identifier is linked to another account. In a batch nothing is taken from anybody: unlink it there first, or let its claimant prove it and decide.',
  },
  'legacy.account-unknown': {
    status: 404,
    title: 'No such account',
    meaning:
      "There is no patient's account with the address in the tenant that the vendor belongs to. Import it first, or mend the address or `VENDORS`.",
  },
  'legacy.proof-refused': {
    status: 401,
    title: 'Proof refused',
    meaning:
      'The code, statement or ticket does not prove that the identifier is yours: one answer, whatever is wrong with it, and whether or not there are records. Ask for another one, or let an admin decide.',
  },
  'legacy.claim-decided': {
    status: 409,
    title: 'Claim decided',
    meaning: 'The claim was approved, rejected or given up already, perhaps just now. Read the list again.',
  },
  'legacy.link-required': {
    status: 409,
    title: 'Not linked yet',
    meaning:
      'The legacy session lives, and no account is linked to the person behind it. Sign in or register, claim the identifier with `POST /legacy/links`, and prove it with the `linkTicket` of this answer: it counts once, for ten minutes.',
  },
} as const;
