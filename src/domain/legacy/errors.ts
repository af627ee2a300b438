import { DomainError } from '../shared/domain-error.ts';

/** What was given can be no identifier of its kind. Says nothing of whether anybody has it. */
export class IdentifierRejected extends DomainError {
  readonly code = 'legacy.identifier-rejected';
  constructor() {
    super(
      'This can be no identifier of that kind: a national id has a check digit, a phone number its digits, an address its @.',
    );
  }
}

/** The proof does not show that the identifier is the caller's own. One answer, whatever is wrong with it. */
export class LegacyProofRefused extends DomainError {
  readonly code = 'legacy.proof-refused';
  constructor() {
    super(
      'This does not prove that the identifier is yours. Ask for a new code or statement, or wait for an admin.',
    );
  }
}

/** Somebody has decided on the claim already, or its account has given it up. */
export class ClaimDecided extends DomainError {
  readonly code = 'legacy.claim-decided';
  constructor() {
    super('This claim was decided already, or given up.');
  }
}

/** The identifier belongs to another account by now. */
export class IdentifierTaken extends DomainError {
  readonly code = 'legacy.identifier-taken';
  constructor() {
    super('The identifier is linked to another account. Unlink it there first, or decide on a claim.');
  }
}

/** The identifier stands for nobody. */
export class IdentifierIsPlaceholder extends DomainError {
  readonly code = 'legacy.identifier-placeholder';
  constructor() {
    super('This stands for nobody: it is written where somebody has no identifier.');
  }
}

/** There is no patient's account that the identifier could be linked to. */
export class LinkAccountUnknown extends DomainError {
  readonly code = 'legacy.account-unknown';
  constructor() {
    super(
      "There is no patient's account with this address in the tenant of the vendor. Import it, or mend the address.",
    );
  }
}

/** The person behind a live legacy session has no account that it is linked to yet. */
export class LegacyLinkRequired extends DomainError {
  readonly code = 'legacy.link-required';
  /** Proves once, within ten minutes, that the legacy session was shown; a secret. */
  readonly linkTicket: string;
  constructor(linkTicket: string) {
    super(
      'No account is linked to this legacy session. Sign in or register, claim the identifier, and prove it with the ticket.',
    );
    this.linkTicket = linkTicket;
  }
}
