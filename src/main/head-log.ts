import { type NotedHead, textOfNotedHead } from '../domain/audit/noted-head.ts';

/** Milliseconds between telling of heads. */
const HOUR_MS = 3_600_000;

/**
 * Notes the head of the audit chain in the log, which is not where the database is: the first one that there is after the start, and
 * later ones once an hour at most, where it has moved.
 *
 * @param onEvent told `audit trail sealed up to number:hex`, as `audit verify --head` takes it
 * @param now milliseconds, of a clock that never goes back
 * @returns takes the head after each run; `null` where nothing was sealed ever
 */
export function headLog(
  onEvent: (event: string) => void,
  now: () => number = () => performance.now(),
): (head: NotedHead | null) => void {
  let [told, toldAt] = ['', -Infinity];
  return (head) => {
    if (!head || now() - toldAt < HOUR_MS) return;
    const text = textOfNotedHead(head);
    if (text === told) return;
    [told, toldAt] = [text, now()];
    onEvent(`audit trail sealed up to ${text}`);
  };
}
