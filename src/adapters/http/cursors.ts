import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { Page, PagePosition, PageRequest } from '../../domain/shared/page.ts';
import { RequestRefused } from './request-refused.ts';
import type { PagingQuery } from './schemas/paging-query.ts';

/** The list that a cursor belongs to: of one route, as one tenant sees it. */
export interface ListScope {
  /** With whatever makes another list of it: the thing that it is about, the view. */
  readonly route: string;
  readonly tenantId: TenantId;
}

/** How the positions of a list are written into its cursors. */
export interface PositionFormat<Position> {
  readonly write: (position: Position) => string;
  /** @returns `null` for what `write` did not make */
  readonly read: (text: string) => Position | null;
}

const TAG_LENGTH = 16;
const POSITION = /^(\d{1,16})\.([0-9a-f-]{36})$/;

/** Of lists that have the newest first. */
const newestFirst: PositionFormat<PagePosition> = {
  write: ({ createdAt, id }) => `${String(createdAt.getTime())}.${id}`,
  read: (text) => {
    const [, time, id] = POSITION.exec(text) ?? [];
    return time === undefined || id === undefined ? null : { createdAt: new Date(Number(time)), id };
  },
};

/**
 * Makes the cursors of lists, and reads them. A cursor is opaque to clients, and counts only where it was made: it carries a tag
 * (HMAC-SHA-256, RFC 2104, cut to 128 bits) over its position, its route and its tenant.
 */
export class Cursors {
  readonly #key: Uint8Array;

  /** @param key 32 octets; instances that serve the same lists share it */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** @returns `null` at the end of the list */
  nextOf(scope: ListScope, { next }: Pick<Page<unknown>, 'next'>): string | null {
    return this.make(scope, newestFirst, next);
  }

  /**
   * What a list was asked for.
   *
   * @throws {RequestRefused} `request.invalid` where the cursor was not made for this list
   */
  pageOf(scope: ListScope, { limit, cursor }: PagingQuery): PageRequest {
    return { limit, after: this.read(scope, newestFirst, cursor) };
  }

  /**
   * The same for a list of another order.
   *
   * @returns `null` at the end of the list
   */
  make<Position>(
    scope: ListScope,
    format: PositionFormat<Position>,
    position: Position | null,
  ): string | null {
    if (position === null) return null;
    const octets = Buffer.from(format.write(position));
    return Buffer.concat([this.#tagOf(scope, octets), octets]).toString('base64url');
  }

  /**
   * Where a list of another order goes on.
   *
   * @returns `null` where it begins
   * @throws {RequestRefused} `request.invalid` where the cursor was not made for this list
   */
  read<Position>(
    scope: ListScope,
    format: PositionFormat<Position>,
    cursor: string | undefined,
  ): Position | null {
    if (cursor === undefined) return null;
    const octets = Buffer.from(cursor, 'base64url');
    const tag = octets.subarray(0, TAG_LENGTH);
    const written = octets.subarray(TAG_LENGTH);
    const isOurs =
      octets.toString('base64url') === cursor &&
      tag.length === TAG_LENGTH &&
      timingSafeEqual(tag, this.#tagOf(scope, written));
    const position = isOurs ? format.read(written.toString()) : null;
    if (position === null) {
      const detail = 'Must be the nextCursor of an earlier page of this list.';
      throw new RequestRefused('request.invalid', { errors: [{ pointer: '/cursor', detail }] });
    }
    return position;
  }

  #tagOf({ route, tenantId }: ListScope, position: Uint8Array): Buffer {
    const hmac = createHmac('sha256', this.#key).update(`${route}\n${tenantId}\n`).update(position);
    return hmac.digest().subarray(0, TAG_LENGTH);
  }
}
