import { normalEmail } from '../../domain/identity/email-address.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';
import type { AccountDirectory } from '../ports/stores/account-directory.ts';
import { mailOnRequest, type MailOnRequest } from '../steps/mail-on-request.ts';

export interface ResendVerificationCommand {
  readonly email: string;
  /** The tenant's slug; the practice itself where it is left out. */
  readonly tenant?: string | undefined;
}

interface Dependencies extends MailOnRequest {
  readonly accountDirectory: AccountDirectory;
}

/** Mails the link by which an address is confirmed once more; the former link stops counting. */
export class ResendVerification {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Does the same for every address, as far as anybody can tell: accounts that are confirmed already get nothing. */
  async execute(command: ResendVerificationCommand): Promise<void> {
    const address = normalEmail(command.email);
    const slug = command.tenant ?? DEFAULT_TENANT_SLUG;
    const { tenant, user } = await this.#deps.accountDirectory.find(slug, address);
    await mailOnRequest(this.#deps, {
      tenantId: tenant?.id ?? DEFAULT_TENANT_ID,
      address,
      user: user?.isActive && user.emailVerifiedAt === null ? user : null,
      purpose: 'email-verification',
      content: (token) => ({ kind: 'verify-email', token }),
      action: 'identity.verification-requested',
    });
  }
}
