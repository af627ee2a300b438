import type { TenantId } from '../../domain/shared/ids.ts';
import type { Mailer } from '../ports/gateways/mailer.ts';
import type { TextCipher } from '../ports/security/text-cipher.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { type MailPayload, outboxPlace } from '../steps/outbox-mail.ts';

export interface DeliverMailCommand {
  readonly tenantId: TenantId;
  /** The entry of the outbox. */
  readonly outboxId: string;
  /** Whether nobody will try again. */
  readonly lastAttempt: boolean;
}

/** What became of it: `nothing` where it had ended already, or nobody was to get anything. */
export type Delivery = 'sent' | 'refused' | 'nothing';

interface Dependencies {
  readonly clock: Clock;
  readonly mailer: Mailer;
  readonly textCipher: TextCipher;
  readonly unitOfWork: UnitOfWork<'outbox'>;
}

/** Delivers a mail from the outbox, and erases it there. At least once: where the process dies in between, it is sent again. */
export class DeliverMail {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws whatever kept it from being sent, also where nobody will try again: it is erased then all the same */
  async execute({ tenantId, outboxId, lastAttempt }: DeliverMailCommand): Promise<Delivery> {
    const { clock, unitOfWork } = this.#deps;
    const { outbox } = unitOfWork.stores(tenantId);
    const entry = await outbox.find(outboxId);
    if (entry?.topic !== 'mail') return 'nothing';
    let delivery: Delivery;
    try {
      delivery = await this.#deliver(entry);
    } catch (error) {
      if (lastAttempt) await outbox.settle(outboxId, 'given-up', clock.now());
      throw error;
    }
    await outbox.settle(outboxId, delivery === 'refused' ? 'refused' : 'done', clock.now());
    return delivery;
  }

  async #deliver({ id, tenantId, payload }: OutboxEntry): Promise<Delivery> {
    const { mailer, textCipher } = this.#deps;
    const mail = JSON.parse(await textCipher.open(outboxPlace(tenantId, id), payload)) as MailPayload;
    return mail === null ? 'nothing' : mailer.send({ id, ...mail });
  }
}
