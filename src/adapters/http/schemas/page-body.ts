import { z } from 'zod';

/** One page of a list of `item`. */
export const pageBody = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'Asks for the next page; `null` at the end' }),
  });
