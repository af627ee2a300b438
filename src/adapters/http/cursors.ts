import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { Page, PagePosition, PageRequest } from '../../domain/shared/page.ts';
import { RequestRefused } from './request-refused.ts';
import type { PagingQuery } from './schemas/paging-query.ts';

/** The list that a cursor belongs to: of one route, as one tenant sees it. */
export interface ListScope {
  readonly route: string;
  readonly tenantId: TenantId;
}

const TAG_LENGTH = 16;
const POSITION = /^(\d{1,16})\.([0-9a-f-]{36})$/;

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
  nextOf(scope: ListScope, page: Page<unknown>): string | null {
    if (!page.next) return null;
    const position = Buffer.from(`${String(page.next.createdAt.getTime())}.${page.next.id}`);
    return Buffer.concat([this.#tagOf(scope, position), position]).toString('base64url');
  }

  /**
   * What a list was asked for.
   *
   * @throws {RequestRefused} `request.invalid` where the cursor was not made for this list
   */
  pageOf(scope: ListScope, { limit, cursor }: PagingQuery): PageRequest {
    return { limit, after: cursor === undefined ? null : this.#read(scope, cursor) };
  }

  #read(scope: ListScope, cursor: string): PagePosition {
    const octets = Buffer.from(cursor, 'base64url');
    const tag = octets.subarray(0, TAG_LENGTH);
    const position = octets.subarray(TAG_LENGTH);
    const isOurs =
      octets.toString('base64url') === cursor &&
      tag.length === TAG_LENGTH &&
      timingSafeEqual(tag, this.#tagOf(scope, position));
    const [, time, id] = (isOurs ? POSITION.exec(position.toString()) : null) ?? [];
    if (time === undefined || id === undefined) {
      const detail = 'Must be the nextCursor of an earlier page of this list.';
      throw new RequestRefused('request.invalid', { errors: [{ pointer: '/cursor', detail }] });
    }
    return { createdAt: new Date(Number(time)), id };
  }

  #tagOf({ route, tenantId }: ListScope, position: Uint8Array): Buffer {
    const hmac = createHmac('sha256', this.#key).update(`${route}\n${tenantId}\n`).update(position);
    return hmac.digest().subarray(0, TAG_LENGTH);
  }
}
