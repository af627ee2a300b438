/**
 * What is told of an error: its code or its kind. Its message stays here, since it may carry what is personal (an answer of a mail
 * server names the recipient).
 */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
