import { type GivenAddress, mailToAddress, type MailToAddress } from '../steps/mail-to-address.ts';

/** Mails the link by which an address is confirmed once more; the former link stops counting. */
export class ResendVerification {
  readonly #deps: MailToAddress;

  constructor(deps: MailToAddress) {
    this.#deps = deps;
  }

  /** Does the same for every address, as far as anybody can tell: accounts that are confirmed already get nothing. */
  async execute(command: GivenAddress): Promise<void> {
    await mailToAddress(this.#deps, command, {
      purpose: 'email-verification',
      isFor: ({ isActive, emailVerifiedAt }) => isActive && emailVerifiedAt === null,
      content: (token) => ({ kind: 'verify-email', token }),
      action: 'identity.verification-requested',
    });
  }
}
