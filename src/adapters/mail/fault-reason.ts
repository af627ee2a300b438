/** A code that a library or the operating system gives, such as `ECONNREFUSED`: never a sentence, which may quote something. */
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;

/**
 * Why an attempt failed, for a log: codes only, such as `EAUTH 535`. Messages of errors are left out, since replies of servers and
 * failures of files name addresses.
 */
export function faultReason(error: unknown): string {
  const { originalCode, code, responseCode } = (error ?? {}) as Readonly<Record<string, unknown>>;
  const codes = [originalCode, code].filter(
    (text): text is string => typeof text === 'string' && CODE.test(text),
  );
  return [codes[0] ?? 'unknown', ...(typeof responseCode === 'number' ? [responseCode] : [])].join(' ');
}
