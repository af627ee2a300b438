/**
 * Works on several items at the same time, and gives what came of them in the order of the items. Where one fails, no further ones are
 * begun, and those under way are waited for.
 *
 * @param atOnce how many are under way at most
 * @throws whatever `items` or `work` throw first
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  const failures: unknown[] = [];
  try {
    for await (const item of items) {
      if (failures.length > 0) break;
      const begun = work(item);
      // It is thrown when its turn comes; until then a failure is nobody's fault.
      begun.catch((error: unknown) => failures.push(error));
      underWay.push(begun);
      if (underWay.length < atOnce) continue;
      const [first] = underWay;
      if (first !== undefined) yield await first;
      void underWay.shift();
    }
    for (const begun of underWay) yield await begun;
  } finally {
    await Promise.allSettled(underWay);
  }
}
