import { normalVendorId, VENDOR_ID_MAX_LENGTH } from '../../domain/shared/vendor-id.ts';
import type { CsvFault } from './csv-file.ts';

/** Why a row is refused that names a vendor; `null` where it names none, or one that may be. */
export function vendorFault(vendorId: string | null): CsvFault | null {
  const normal = normalVendorId(vendorId);
  if (normal === null || [...normal].length <= VENDOR_ID_MAX_LENGTH) return null;
  const reason = `The vendor_id has more than ${String(VENDOR_ID_MAX_LENGTH)} characters.`;
  return { code: 'import.vendor-rejected', reason };
}
