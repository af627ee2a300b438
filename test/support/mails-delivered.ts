import type { Api } from './api.ts';
import { eventually } from './eventually.ts';

/** Resolves when every mail that the service has written was sent: one that has not come by then does not come. */
export const mailsDelivered = ({ sql }: Pick<Api, 'sql'>): Promise<void> =>
  eventually(async () => {
    const waiting = await sql("SELECT 1 FROM outbox WHERE topic = 'mail' AND settled_at IS NULL");
    return waiting.length === 0;
  }, 3000);
