/** An instant, and how far ahead of UTC a clock was then. */
export interface ClockReading {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly minutes: number;
}

const offsets = new Map<string, Intl.DateTimeFormat>();

/** Whether the runtime knows the time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Minutes by which clocks of a time zone are ahead of UTC at an instant. */
export function minutesAhead(zone: string, at: number): number {
  let format = offsets.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    offsets.set(zone, format);
  }
  const text = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):?(\d\d)?)?/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** The usual name of a time zone that is UTC under another one; others as they are. */
export const usualZone = (zone: string): string =>
  /^(?:Etc\/)?(?:UTC|GMT|UCT|Universal|Zulu)$/i.test(zone) ? 'UTC' : zone;

const explains = (zone: string, readings: readonly ClockReading[]): boolean =>
  readings.every(({ at, minutes }) => minutesAhead(zone, at) === minutes);

/**
 * The time zones whose clocks showed all of these readings.
 *
 * @param likely zones that come first where they fit
 * @returns no zone where there are no readings
 */
export function timeZonesOf(readings: readonly ClockReading[], likely: readonly string[]): readonly string[] {
  if (readings.length === 0) return [];
  const names = likely.filter(isTimeZone).map(usualZone);
  const candidates = new Set([...names, 'UTC', ...Intl.supportedValuesOf('timeZone')]);
  return [...candidates].filter((zone) => explains(zone, readings));
}
