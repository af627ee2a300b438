import type { Incoming } from './http-exchange.ts';

/** What differs from answer to answer, whoever asks: the time, the request's id, and what is left of a limit. */
const OWN: ReadonlySet<string> = new Set(['date', 'x-request-id', 'ratelimit', 'ratelimit-policy']);

/** Everything of an answer by which somebody outside could tell it from another: two that are alike give the same text. */
export function comparable({ headers, status, text }: Incoming): string {
  const told = [...headers].filter(([name]) => !OWN.has(name)).toSorted();
  const body = text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>');
  return JSON.stringify([status, told, body]);
}
