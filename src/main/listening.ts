import { errorCode } from '../adapters/embedded-postgres/error-code.ts';
import { StartRefused } from './start-refusal.ts';

/**
 * Tells the operator which setting to change where an address cannot be listened on.
 *
 * @throws {StartRefused}
 */
export async function listening<Started>(setting: string, starting: Promise<Started>): Promise<Started> {
  try {
    return await starting;
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    throw new StartRefused(
      `${setting}: the address cannot be listened on (${code}). Set HOST and ${setting} to a free one.`,
    );
  }
}
