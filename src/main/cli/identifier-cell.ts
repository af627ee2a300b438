import { IdentifierRejected } from '../../domain/legacy/errors.ts';
import { identifierIn, type LegacyIdentifierKind } from '../../domain/legacy/legacy-identifier.ts';
import type { CsvFault } from './csv-file.ts';

/** An identifier of a row, in its normal form. */
export interface CellIdentifier {
  readonly kind: LegacyIdentifierKind;
  readonly identifier: string;
}

/**
 * What a cell gives; `null` where it is empty.
 *
 * @param only the kind that it is of; `null` where its form tells
 * @param faultOf says what it is told as where it can be no such identifier
 */
export function identifierCell(
  text: string | null,
  only: LegacyIdentifierKind | null,
  faultOf: (refusal: IdentifierRejected) => CsvFault,
): CellIdentifier | CsvFault | null {
  if (text === null) return null;
  const found = identifierIn(text, only);
  return found ? { kind: found.kind, identifier: found.normal } : faultOf(new IdentifierRejected());
}

/** The identifiers of a row, and what its cells are told as that hold none. */
export const cellsApart = (
  cells: readonly (CellIdentifier | CsvFault | null)[],
): { readonly identifiers: readonly CellIdentifier[]; readonly faults: readonly CsvFault[] } => ({
  identifiers: cells.filter((cell) => cell !== null && 'kind' in cell),
  faults: cells.filter((cell) => cell !== null && 'code' in cell),
});
