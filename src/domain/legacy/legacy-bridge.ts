/** The exchange of live legacy sessions for sessions of ours, where the operator has opened it. */
export interface LegacyBridge {
  /** It is closed from then on; `null` leaves it open. */
  readonly until: Date | null;
}

/** Whether legacy sessions count. @param bridge `null` where it was never opened */
export const isBridgeOpen = (bridge: LegacyBridge | null, now: Date): boolean =>
  bridge !== null && (bridge.until === null || now < bridge.until);
