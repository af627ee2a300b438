/**
 * Expects an outcome of one kind.
 *
 * @throws {Error} where anything else came of it
 */
export function ofKind<Outcome extends { readonly kind: string }, const Kind extends string>(
  outcome: Outcome,
  kind: Kind,
): Extract<Outcome, { readonly kind: Kind }> {
  if (isOf(outcome, kind)) return outcome;
  throw new Error(`Something else came of it than ${kind}: ${outcome.kind}.`);
}

const isOf = <Outcome extends { readonly kind: string }, Kind extends string>(
  outcome: Outcome,
  kind: Kind,
): outcome is Extract<Outcome, { readonly kind: Kind }> => outcome.kind === kind;
