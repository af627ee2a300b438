import { RequestRefused } from './request-refused.ts';

/**
 * What a use case found.
 *
 * @throws {RequestRefused} `request.not-found` where it found nothing
 */
export function found<T>(value: T | null): T {
  if (value === null) throw new RequestRefused('request.not-found');
  return value;
}
