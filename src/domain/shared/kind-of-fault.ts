/** What can be told of a fault: its code or its kind, where its message may carry what is personal. */
export function kindOfFault(fault: unknown): string {
  if (!(fault instanceof Error)) return 'unknown';
  return 'code' in fault && typeof fault.code === 'string' ? fault.code : fault.name;
}
