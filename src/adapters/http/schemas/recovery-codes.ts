import { z } from 'zod';

/** Recovery codes as they are given out. */
export const RecoveryCodes = z.array(z.string()).meta({
  description: 'Ten, each good for one sign-in without the other factor; shown this once',
});
