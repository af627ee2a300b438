import { createHash } from 'node:crypto';

/** Statements that the server plans once when they have a name; DDL and transaction control do not gain by one. */
const PLANNABLE = /^\s*(?:select|insert|update|delete|merge|with)\b/i;

/** As many names as a connection keeps plans for; statements met later run without a name, so that the server's memory stays bounded. */
const MAX_NAMES = 500;

/** Names statements by their text, so that each connection parses and plans each of them once. */
export class StatementNames {
  readonly #names = new Map<string, string>();

  /** @returns the name of the statement, the same on every connection; `undefined` where it runs without one */
  of(sql: string): string | undefined {
    const known = this.#names.get(sql);
    if (known !== undefined) return known;
    if (this.#names.size >= MAX_NAMES || !PLANNABLE.test(sql)) return undefined;
    const name = `cg_${createHash('sha256').update(sql).digest('base64url').slice(0, 20)}`;
    this.#names.set(sql, name);
    return name;
  }
}
