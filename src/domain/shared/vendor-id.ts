/** The longest id of a vendor, in code points of its normal form. */
export const VENDOR_ID_MAX_LENGTH = 100;

/**
 * The form in which ids of vendors are compared: without blanks around it, in lower case.
 *
 * @returns `null` where nothing is left, which names no vendor
 */
export function normalVendorId(text: string | null): string | null {
  const normal = text?.trim().toLowerCase() ?? '';
  return normal === '' ? null : normal;
}
