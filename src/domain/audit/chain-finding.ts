/** One thing that is wrong with the audit trail, by the row that it was found at. */
export type ChainFinding =
  | {
      /** `entry-unproven`: its link was changed as well, so that nothing tells whether the entry is the one that was sealed. */
      readonly kind: 'entry-changed' | 'entry-removed' | 'entry-unproven' | 'link-changed';
      readonly entryId: string;
      readonly position: number;
    }
  /** Is there more than once: besides the one that was written, somebody inserted another. */
  | { readonly kind: 'entry-doubled'; readonly entryId: string }
  /** Has no link though all entries of its time have one: it was slipped in, or its link was taken away. */
  | { readonly kind: 'entry-astray'; readonly entryId: string }
  | {
      /** By their positions, or numbers. */
      readonly kind: 'links-removed' | 'seals-removed';
      readonly first: number;
      readonly last: number;
    }
  /** No seal speaks of it. */
  | { readonly kind: 'link-astray'; readonly position: number }
  | {
      /**
       * `seal-changed`: one of its columns was. `seal-replaced`: it is one of Casegate's, but neither of the seal before nor of the links
       * that are there, as of an older copy. `seal-astray`: beyond the head.
       */
      readonly kind: 'seal-changed' | 'seal-replaced' | 'seal-astray';
      readonly number: number;
    }
  | {
      /**
       * `chain-missing`: nothing is sealed, and there are entries that any service would have sealed long ago. No service was there yet,
       * or somebody let the chain begin anew.
       */
      readonly kind: 'head-changed' | 'head-removed' | 'chain-missing';
    }
  /** The chain does not hold the head that somebody noted earlier: the database is an older copy, or another one. */
  | { readonly kind: 'noted-head-missing'; readonly number: number };
