import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import type { Vendor } from '../../domain/legacy/vendor.ts';
import type { VendorDirectory } from '../ports/legacy/vendor-directory.ts';

export interface FindVendorCommand {
  readonly actor: Actor;
  /** In any spelling; `null` where none is named. */
  readonly vendorId: string | null;
}

interface Dependencies {
  readonly vendorDirectory: VendorDirectory;
}

/** Tells what the operator has configured of a vendor: its tenant, and what kind of identifier it uses. */
export class FindVendor {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns the practice's own tenant and no kind for a vendor that is not listed, as for none
   * @throws {Forbidden} for everybody but the installation itself
   */
  execute({ actor, vendorId }: FindVendorCommand): Vendor {
    authorize(actor, 'legacy.operate');
    return this.#deps.vendorDirectory.find(vendorId);
  }
}
