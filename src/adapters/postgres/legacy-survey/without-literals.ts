/** A text as PostgreSQL writes it back (quotes within are doubled), unless it is the name of something in the database. */
const TEXT = /'(?:[^']|'')*'(?!'|::reg[a-z]+\b)/g;
/** Long enough to be somebody's: an id, a phone number. */
const LONG_NUMBER = /\b\d{6,}\b/g;

/** An expression of the catalog (a default, a constraint) without the texts and long numbers in it: these may name a person. */
export const withoutLiterals = (expression: string): string =>
  expression.replaceAll(TEXT, "'…'").replaceAll(LONG_NUMBER, '…');
