/**
 * The end of the chain is not as it was left, or not where this process has seen it: whoever sealed on would cover that up. No refusal of
 * what somebody asked for, but a fault for the operator.
 */
export class AuditChainBroken extends Error {
  constructor() {
    super('The head of the audit chain is not the one that was left there. See what `audit verify` says.');
    this.name = 'AuditChainBroken';
  }
}
