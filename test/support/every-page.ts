import type { PageAnswer } from './api-bodies.ts';

/**
 * The entries of a list from its first page to its last.
 *
 * @param pageOf gives the page that the query `&cursor=…` asks for; the first is asked for by nothing
 */
export async function everyPage<Item>(
  pageOf: (cursor: string) => Promise<PageAnswer<Item>>,
): Promise<readonly Item[]> {
  const seen: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: PageAnswer<Item> = await pageOf(cursor && `&cursor=${cursor}`);
    seen.push(...page.items);
    cursor = page.nextCursor;
  }
  return seen;
}
