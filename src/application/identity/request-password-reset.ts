import { type GivenAddress, mailToAddress, type MailToAddress } from '../steps/mail-to-address.ts';

/** Mails the link by which somebody who has forgotten his password chooses another. */
export class RequestPasswordReset {
  readonly #deps: MailToAddress;

  constructor(deps: MailToAddress) {
    this.#deps = deps;
  }

  /** Does the same for every address, as far as anybody can tell. A former link stops counting. */
  async execute(command: GivenAddress): Promise<void> {
    await mailToAddress(this.#deps, command, {
      purpose: 'password-reset',
      isFor: ({ isActive }) => isActive,
      content: (token) => ({ kind: 'reset-password', token }),
      action: 'identity.password-reset-requested',
    });
  }
}
