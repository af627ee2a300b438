import type { User } from '../../domain/identity/user.ts';
import { normalEmail } from '../../domain/shared/email-address.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';
import type { AccountDirectory } from '../ports/stores/account-directory.ts';
import { mailOnRequest, type MailOnRequest, type RequestedMail } from './mail-on-request.ts';

/** An address, as somebody at the door gives it. */
export interface GivenAddress {
  readonly email: string;
  /** The tenant's slug; the practice itself where it is left out. */
  readonly tenant?: string | undefined;
}

/** What finding out whose an address is, and mailing him, needs. */
export interface MailToAddress extends MailOnRequest {
  readonly accountDirectory: AccountDirectory;
}

/** What is asked for, and which accounts get it. */
export interface AddressRequest extends Pick<RequestedMail, 'purpose' | 'content' | 'action'> {
  readonly isFor: (user: User) => boolean;
}

/**
 * Mails a one-time token to whoever has the address, if it is for him; does the same for every address, as far as anybody can tell. A
 * former token of the purpose stops counting.
 */
export async function mailToAddress(
  deps: MailToAddress,
  given: GivenAddress,
  { isFor, ...request }: AddressRequest,
): Promise<void> {
  const address = normalEmail(given.email);
  const { tenant, user } = await deps.accountDirectory.find(given.tenant ?? DEFAULT_TENANT_SLUG, address);
  await mailOnRequest(deps, {
    ...request,
    tenantId: tenant?.id ?? DEFAULT_TENANT_ID,
    address,
    user: user && isFor(user) ? user : null,
  });
}
