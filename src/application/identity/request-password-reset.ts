import { normalEmail } from '../../domain/identity/email-address.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';
import type { AccountDirectory } from '../ports/stores/account-directory.ts';
import { mailOnRequest, type MailOnRequest } from '../steps/mail-on-request.ts';

export interface RequestPasswordResetCommand {
  readonly email: string;
  /** The tenant's slug; the practice itself where it is left out. */
  readonly tenant?: string | undefined;
}

interface Dependencies extends MailOnRequest {
  readonly accountDirectory: AccountDirectory;
}

/** Mails the link by which somebody who has forgotten his password chooses another. */
export class RequestPasswordReset {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Does the same for every address, as far as anybody can tell. A former link stops counting. */
  async execute(command: RequestPasswordResetCommand): Promise<void> {
    const address = normalEmail(command.email);
    const slug = command.tenant ?? DEFAULT_TENANT_SLUG;
    const { tenant, user } = await this.#deps.accountDirectory.find(slug, address);
    await mailOnRequest(this.#deps, {
      tenantId: tenant?.id ?? DEFAULT_TENANT_ID,
      address,
      user: user?.isActive ? user : null,
      purpose: 'password-reset',
      content: (token) => ({ kind: 'reset-password', token }),
      action: 'identity.password-reset-requested',
    });
  }
}
