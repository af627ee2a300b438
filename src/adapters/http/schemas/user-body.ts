import { z } from 'zod';
import { ROLES, type User } from '../../../domain/identity/user.ts';
import { Timestamp } from './timestamp.ts';

/** An account, as everybody who may see it sees it. */
export const UserBody = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role: z.enum(ROLES),
    tenantId: z.uuid(),
    isActive: z.boolean(),
    emailVerified: z.boolean(),
    language: z.string(),
    createdAt: Timestamp,
  })
  .meta({ id: 'User' });

/** How an account is sent. */
export const userBody = (user: User): z.input<typeof UserBody> => ({
  id: user.id,
  email: user.email,
  role: user.role,
  tenantId: user.tenantId,
  isActive: user.isActive,
  emailVerified: user.emailVerifiedAt !== null,
  language: user.language,
  createdAt: user.createdAt.toISOString(),
});
