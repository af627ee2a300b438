import type { SealedText } from '../../application/ports/security/text-cipher.ts';
import type { KeptText, SealedColumn } from '../../application/ports/stores/sealed-text-store.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { MemoryTables, ReadonlyMemoryTables } from './memory-tables.ts';

/** How the texts of one column are found and replaced. */
interface MemorySealedColumn {
  readonly list: (tables: ReadonlyMemoryTables) => readonly KeptText[];
  readonly set: (tables: MemoryTables, rowId: string, sealed: SealedText) => void;
}

/** The text, where the row has one. */
const kept = (
  column: SealedColumn,
  tenantId: TenantId | undefined,
  rowId: string,
  sealed: SealedText | null,
): readonly KeptText[] => (tenantId === undefined || !sealed ? [] : [{ column, tenantId, rowId, sealed }]);

/** Replaces a row by what `change` makes of it, where it is still there. */
function change<Key, Row>(
  table: { readonly get: (key: Key) => Row | undefined; readonly set: (key: Key, row: Row) => void },
  key: Key,
  changed: (row: Row) => Row,
): void {
  const row = table.get(key);
  if (row !== undefined) table.set(key, changed(row));
}

/** Every place where sealed texts are kept. */
const COLUMNS: Readonly<Record<SealedColumn, MemorySealedColumn>> = {
  'case_messages.body': {
    list: (tables) =>
      [...tables.caseMessages.values()].flatMap(({ id, caseId, body }) =>
        kept('case_messages.body', tables.cases.get(caseId)?.tenantId, id, body),
      ),
    set: ({ caseMessages }, id, body) => change(caseMessages, id, (row) => ({ ...row, body })),
  },
  'case_reasons.body': {
    list: ({ caseReasons, cases }) =>
      [...caseReasons.entries()].flatMap(([eventId, { caseId, body }]) =>
        kept('case_reasons.body', cases.get(caseId)?.tenantId, eventId, body),
      ),
    set: ({ caseReasons }, id, body) => change(caseReasons, id, (row) => ({ ...row, body })),
  },
  'break_glass_grants.reason': {
    list: ({ breakGlassGrants }) =>
      [...breakGlassGrants.values()].flatMap(({ id, tenantId, reason }) =>
        kept('break_glass_grants.reason', tenantId, id, reason),
      ),
    set: ({ breakGlassGrants }, id, reason) => change(breakGlassGrants, id, (row) => ({ ...row, reason })),
  },
  'break_glass_grants.note': {
    list: ({ breakGlassGrants }) =>
      [...breakGlassGrants.values()].flatMap(({ id, tenantId, note }) =>
        kept('break_glass_grants.note', tenantId, id, note),
      ),
    set: ({ breakGlassGrants }, id, note) => change(breakGlassGrants, id, (row) => ({ ...row, note })),
  },
  'legacy_links.identifier': {
    list: ({ legacyLinks }) =>
      [...legacyLinks.values()].flatMap(({ id, tenantId, identifier }) =>
        kept('legacy_links.identifier', tenantId, id, identifier),
      ),
    set: ({ legacyLinks }, id, identifier) => change(legacyLinks, id, (row) => ({ ...row, identifier })),
  },
  'legacy_links.reason': {
    list: ({ legacyLinks }) =>
      [...legacyLinks.values()].flatMap(({ id, tenantId, reason }) =>
        kept('legacy_links.reason', tenantId, id, reason),
      ),
    set: ({ legacyLinks }, id, reason) => change(legacyLinks, id, (row) => ({ ...row, reason })),
  },
  'totp_factors.secret': {
    list: ({ totpSecrets }) =>
      [...totpSecrets.entries()].flatMap(([userId, { tenantId, confirmed }]) =>
        kept('totp_factors.secret', tenantId, userId, confirmed),
      ),
    set: ({ totpSecrets }, id, confirmed) => change(totpSecrets, id, (row) => ({ ...row, confirmed })),
  },
  'totp_factors.pending_secret': {
    list: ({ totpSecrets }) =>
      [...totpSecrets.entries()].flatMap(([userId, { tenantId, pending }]) =>
        kept('totp_factors.pending_secret', tenantId, userId, pending),
      ),
    set: ({ totpSecrets }, id, pending) => change(totpSecrets, id, (row) => ({ ...row, pending })),
  },
  'mfa_resets.reason': {
    list: ({ mfaResets }) =>
      [...mfaResets.values()].flatMap(({ reset: { id, tenantId }, reason }) =>
        kept('mfa_resets.reason', tenantId, id, reason),
      ),
    set: ({ mfaResets }, id, reason) => change(mfaResets, id, (row) => ({ ...row, reason })),
  },
  'outbox.payload': {
    list: ({ outboxEntries }) =>
      [...outboxEntries.values()].flatMap(({ id, tenantId, payload }) =>
        kept('outbox.payload', tenantId, id, payload),
      ),
    set: ({ outboxEntries }, id, payload) => change(outboxEntries, id, (row) => ({ ...row, payload })),
  },
};

/** Every column that holds sealed texts. */
export const SEALED_COLUMNS = Object.keys(COLUMNS) as readonly SealedColumn[];

/** The sealed texts of a column. */
export const sealedTextsIn = (tables: ReadonlyMemoryTables, column: SealedColumn): readonly KeptText[] =>
  COLUMNS[column].list(tables);

/** Puts another text in the place of the one in that row, where there is such a row. */
export const setSealedText = (
  tables: MemoryTables,
  { column, rowId }: Pick<KeptText, 'column' | 'rowId'>,
  sealed: SealedText,
): void => COLUMNS[column].set(tables, rowId, sealed);
