import { z } from 'zod';
import type { Profile } from '../../../application/steps/read-profile.ts';
import { PhysicianBody, physicianBody } from './physician-body.ts';
import { UserBody, userBody } from './user-body.ts';

/** An account as its owner sees it. */
export const ProfileBody = z.object({ user: UserBody, physician: PhysicianBody.optional() });

/** How a profile is sent. */
export const profileBody = ({ user, physician }: Profile): z.input<typeof ProfileBody> => ({
  user: userBody(user),
  ...(physician && { physician: physicianBody(physician) }),
});
