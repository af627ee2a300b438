import type { Actor } from '../../domain/access/actor.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import type { CaseId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { adoptCases, type Adopting } from '../steps/adopt-cases.ts';

export interface AdoptCasesCommand {
  readonly actor: Actor;
  readonly receipts: readonly string[];
}

interface Dependencies extends Adopting {
  readonly clock: Clock;
  readonly unitOfWork: UnitOfWork<'cases'>;
}

/** Makes anonymous cases the patient's who asks for it, by their receipts. Each receipt counts once. */
export class AdoptCases {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * All that can be adopted are adopted together, or none.
   *
   * @returns the cases that became his; receipts that do not count are passed over
   * @throws {Forbidden} for whoever is no patient
   */
  async execute({ actor: given, receipts }: AdoptCasesCommand): Promise<readonly CaseId[]> {
    const actor = authorizeUser(given, 'cases.adopt');
    const { clock, unitOfWork } = this.#deps;
    const patient = { id: actor.userId, role: actor.role };
    return unitOfWork.run(actor.tenantId, (stores) =>
      adoptCases(this.#deps, stores, patient, receipts, clock.now()),
    );
  }
}
