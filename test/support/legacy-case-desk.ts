import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Adapters } from '../../src/application/adapters.ts';
import type { CaseAnswer } from './api-bodies.ts';
import { type Api, type Person, startApi } from './api.ts';
import { eventually } from './eventually.ts';
import { everyPage } from './every-page.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A row as the legacy service writes it; what is left out is NULL. */
export interface GivenRequest {
  readonly vendor_id?: string;
  readonly language?: string;
  readonly question?: string;
  readonly status?: string;
  readonly created_at?: string;
}

/** The service beside a legacy service whose vendors `north` and `south` belong to tenants of their names. */
export interface LegacyCaseDesk {
  readonly api: Api;
  /** Writes a row as the legacy service does, and makes it somebody's as a link of his does. @returns its id */
  readonly write: (row: GivenRequest, owner?: Person) => Promise<string>;
  /** Waits until the service has looked at all rows. */
  readonly indexed: () => Promise<void>;
  /** A list, whole; `query` begins with `&`. */
  readonly list: (as: Person, query?: string) => Promise<readonly CaseAnswer[]>;
  readonly stop: () => Promise<void>;
}

const UNINDEXED = `SELECT FROM rn_requests WHERE NOT EXISTS (SELECT FROM legacy_index WHERE request_uuid = uuid)
  AND NOT EXISTS (SELECT FROM cases WHERE cases.uuid = rn_requests.uuid AND origin = 'casegate')`;

/** Starts the service with two vendors listed, and makes their tenants. */
export async function legacyCaseDesk(replace: Partial<Adapters> = {}): Promise<LegacyCaseDesk> {
  const folder = temporaryFolder('casegate-vendors-');
  const file = join(folder, 'vendors.json');
  const vendors = [
    { vendorId: 'North', tenant: 'north', privatePool: 'northern' },
    { vendorId: 'south', tenant: 'south' },
  ];
  writeFileSync(file, JSON.stringify(vendors));
  const api = await startApi({ VENDORS: file }, replace);
  for (const slug of ['north', 'south']) await api.tenant({ slug });
  return {
    api,
    write: async (row, owner) => {
      const id = randomUUID();
      const columns = { uuid: id, ...row, ...(owner && { user_uuid: owner.user.id }) };
      const names = Object.keys(columns);
      const places = names.map((_, index) => `$${String(index + 1)}`).join(', ');
      await api.sql(
        `INSERT INTO rn_requests (${names.join(', ')}) VALUES (${places})`,
        Object.values(columns),
      );
      return id;
    },
    indexed: () => eventually(async () => (await api.sql(UNINDEXED)).length === 0, 20_000),
    list: (as, query = '') =>
      everyPage((cursor) => api.get('cases', 200, `GET /cases?limit=100${query}${cursor}`, { as })),
    stop: async () => {
      await api.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
