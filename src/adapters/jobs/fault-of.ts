import { kindOfFault } from '../../domain/shared/kind-of-fault.ts';

/**
 * What is told of an error: its code or its kind. Its message stays here, since it may carry what is personal (an answer of a mail
 * server names the recipient).
 */
export function faultOf(error: unknown): string {
  return error instanceof AggregateError ? faultsOf(error) : kindOfFault(error);
}

/** How many of several faults are told. */
const TOLD = 3;

function faultsOf({ errors }: AggregateError): string {
  const kinds = [...new Set(errors.map(faultOf))];
  const told = kinds.slice(0, TOLD).join(', ');
  return kinds.length > TOLD ? `${told} and ${String(kinds.length - TOLD)} more` : told;
}
