/**
 * What is told of an error: its code or its kind. Its message stays here, since it may carry what is personal (an answer of a mail
 * server names the recipient).
 */
export function faultOf(error: unknown): string {
  if (error instanceof AggregateError) return faultsOf(error);
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** How many of several faults are told. */
const TOLD = 3;

function faultsOf({ errors }: AggregateError): string {
  const kinds = [...new Set(errors.map(faultOf))];
  const told = kinds.slice(0, TOLD).join(', ');
  return kinds.length > TOLD ? `${told} and ${String(kinds.length - TOLD)} more` : told;
}
