import { expect } from 'chai';
import type { Stores } from '../../../src/application/ports/unit-of-work.ts';
import type { TenantId } from '../../../src/domain/shared/ids.ts';
import {
  newestFirst,
  type Page,
  type PagePosition,
  type PageRequest,
} from '../../../src/domain/shared/page.ts';
import type { StoreWorld } from './store-world.ts';

/** Expects a refusal of the class, and gives it back. */
export async function refusalOf<Refusal extends Error>(
  refusal: new () => Refusal,
  promise: Promise<unknown>,
): Promise<Refusal> {
  const error = await failureOf(promise);
  expect(error).to.be.instanceOf(refusal);
  return error as Refusal;
}

/** Expects any error, and gives it back. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  return expect.fail(`Expected an error, got ${JSON.stringify(value)}.`);
}

/** Does `act` so often at once, and waits for all. */
export const atOnce = <T>(count: number, act: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => act(index)));

/** The same for acts of which some are refused: what the others gave, and the refusals. */
export async function atOnceSettled<T>(
  count: number,
  act: (index: number) => Promise<T>,
): Promise<{ readonly done: readonly T[]; readonly refused: readonly unknown[] }> {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, (_, index) => act(index)));
  return {
    done: outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value),
    refused: outcomes
      .filter((outcome) => outcome.status === 'rejected')
      .map(({ reason }: { reason: unknown }) => reason),
  };
}

/** Does `work` in a unit of work that fails afterwards. */
export async function undo(
  { unitOfWork }: Pick<StoreWorld, 'unitOfWork'>,
  tenantId: TenantId,
  work: (stores: Stores) => Promise<unknown>,
): Promise<void> {
  const failure = new Error('undo');
  const thrown = await failureOf(
    unitOfWork.run(tenantId, async (stores) => {
      await work(stores);
      throw failure;
    }),
  );
  expect(thrown).to.equal(failure);
}

/** Every item of a list, read page by page; expects full pages up to the last, and an end. */
export async function everyPage<Item extends PagePosition>(
  read: (request: PageRequest) => Promise<Page<Item>>,
  limit: number,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let after: PagePosition | null = null;
  do {
    const page: Page<Item> = await read({ limit, after });
    if (page.next) expect(page.items).to.have.length(limit);
    expect(page.items.length).to.be.at.most(limit);
    items.push(...page.items);
    after = page.next;
  } while (after !== null);
  return items;
}

/** The items in the order of every list. */
export const inOrder = <Item extends PagePosition>(items: readonly Item[]): readonly Item[] =>
  [...items].sort(newestFirst);
