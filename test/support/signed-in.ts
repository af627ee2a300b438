import { ofKind } from './of-kind.ts';

/**
 * Expects that somebody was let in, and gives the session.
 *
 * @throws {Error} where anything else came of it
 */
export const signedIn = <Outcome extends { readonly kind: string }>(
  outcome: Outcome,
): Extract<Outcome, { readonly kind: 'signed-in' }> => ofKind(outcome, 'signed-in');
