import type { CaseState } from '../../domain/cases/case.ts';
import { ReceiptUnknown } from '../../domain/cases/errors.ts';
import { DEFAULT_TENANT_ID } from '../../domain/shared/ids.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { receiptHash } from '../steps/receipt-hash.ts';

export interface ReadReceiptCommand {
  readonly receipt: string;
}

/** What a receipt shows of its case. */
export interface ReceiptView {
  readonly state: CaseState;
  /** Whether an answer waits, for whoever adopts the case. */
  readonly answered: boolean;
}

interface Dependencies {
  readonly clock: Clock;
  readonly keyedHash: KeyedHash;
  readonly unitOfWork: UnitOfWork<'cases'>;
}

/** Shows how an anonymous case stands to whoever holds its receipt. Anonymous cases are the practice's own. */
export class ReadReceipt {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {ReceiptUnknown} where there is none such, it was spent, or its time is over */
  async execute({ receipt }: ReadReceiptCommand): Promise<ReceiptView> {
    const { clock, keyedHash, unitOfWork } = this.#deps;
    const { cases } = unitOfWork.stores(DEFAULT_TENANT_ID);
    const found = await cases.findByReceipt(receiptHash(keyedHash, receipt), clock.now());
    if (!found) throw new ReceiptUnknown();
    return { state: found.state, answered: found.clock.answeredAt !== null };
  }
}
