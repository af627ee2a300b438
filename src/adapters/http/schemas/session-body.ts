import { z } from 'zod';
import type { ListedSession } from '../../../application/access/list-sessions.ts';
import { Timestamp } from './timestamp.ts';

/** A sign-in on a device, as its owner sees it. */
export const SessionBody = z
  .object({
    id: z.uuid(),
    createdAt: Timestamp,
    lastUsedAt: Timestamp,
    userAgent: z.string().nullable(),
    address: z.string().nullable(),
    current: z.boolean().meta({ description: 'Whether it is the one that asks' }),
    amr: z.array(z.string()).meta({ description: 'How the person signed in (RFC 8176)' }),
  })
  .meta({ id: 'Session' });

/** How a session is sent. */
export const sessionBody = ({ session, current }: ListedSession): z.input<typeof SessionBody> => ({
  id: session.id,
  createdAt: session.createdAt.toISOString(),
  lastUsedAt: session.lastUsedAt.toISOString(),
  userAgent: session.client.userAgent,
  address: session.client.address,
  current,
  amr: [...session.amr],
});
