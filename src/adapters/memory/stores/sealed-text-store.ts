import type {
  KeptText,
  ResealedText,
  SealedColumn,
  SealedTextBatch,
  SealedTextPosition,
  SealedTextStore,
} from '../../../application/ports/stores/sealed-text-store.ts';
import { isSameText } from '../is-same-text.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { ReadonlyMemoryTables } from '../memory-tables.ts';
import { assertOwnKey } from '../own-tenant.ts';
import { SEALED_COLUMNS, sealedTextsIn, setSealedText } from '../sealed-texts.ts';

/** Rows that are looked at in one go. */
const BATCH_ROWS = 200;

/** The sealed texts of all tenants, in memory. */
export class MemorySealedTextStore implements SealedTextStore {
  readonly #access: MemoryAccess;
  readonly #batchRows: number;

  constructor(access: MemoryAccess, batchRows = BATCH_ROWS) {
    this.#access = access;
    this.#batchRows = batchRows;
  }

  async countUnderRetiredKeys(): Promise<number> {
    return this.#access.read(
      (tables) =>
        SEALED_COLUMNS.flatMap((column) => sealedTextsIn(tables, column)).filter(isUnderRetiredKey(tables))
          .length,
    );
  }

  async nextUnderRetiredKeys(after: SealedTextPosition | null): Promise<SealedTextBatch> {
    const [first] = SEALED_COLUMNS as readonly [SealedColumn];
    const { column, rowId } = after ?? { column: first, rowId: '' };
    return this.#access.read((tables) => {
      const rows = sealedTextsIn(tables, column)
        .filter((text) => text.rowId > rowId)
        .sort((a, b) => (a.rowId < b.rowId ? -1 : 1))
        .slice(0, this.#batchRows);
      return { texts: rows.filter(isUnderRetiredKey(tables)), next: nextPosition(column, rows) };
    });
  }

  async replace(column: SealedColumn, texts: readonly ResealedText[]): Promise<number> {
    return this.#access.write((tables) => {
      const current = new Map(sealedTextsIn(tables, column).map((text) => [text.rowId, text.sealed]));
      const unchanged = texts.filter(({ rowId, sealed }) => {
        const found = current.get(rowId);
        return found !== undefined && isSameText(found, sealed);
      });
      for (const { tenantId, rowId, resealed } of unchanged) {
        assertOwnKey(tables, tenantId, resealed.keyId);
        setSealedText(tables, { column, rowId }, resealed);
      }
      return unchanged.length;
    });
  }
}

const isUnderRetiredKey =
  (tables: ReadonlyMemoryTables) =>
  ({ sealed }: KeptText): boolean =>
    (tables.dataKeys.get(sealed.keyId)?.retiredAt ?? null) !== null;

function nextPosition(column: SealedColumn, rows: readonly KeptText[]): SealedTextPosition | null {
  const last = rows.at(-1);
  if (last) return { column, rowId: last.rowId };
  const following = SEALED_COLUMNS[SEALED_COLUMNS.indexOf(column) + 1];
  return following ? { column: following, rowId: '' } : null;
}
