/** The `code` of a Node or PostgreSQL error, such as `ENOENT` or `57P03`; null where there is none. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
