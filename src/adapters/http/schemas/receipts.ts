import { z } from 'zod';

/** The receipt of an anonymous case. What is none is answered like one that does not count. */
export const Receipt = z.string().min(1).max(100);

/** Receipts of anonymous cases that somebody adopts. */
export const Receipts = z.array(Receipt).max(20);

/** The cases that became somebody's by the receipts that came with his sign-in. */
export const Adopted = z
  .array(z.uuid())
  .optional()
  .meta({ description: 'Where receipts were sent: the cases that became yours' });

/** What is answered to the receipts that came with a sign-in; nothing where none came. */
export const adoptedBody = (receipts: readonly string[] | undefined, adopted: readonly string[]) =>
  receipts === undefined ? {} : { adopted: [...adopted] };
