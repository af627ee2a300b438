import type { MailValues } from './mail-values.ts';

/**
 * The text with a value in each place that it leaves open. What a value contains is not looked at again.
 *
 * @param write how a value is written there
 */
export const fillIn = (text: string, values: MailValues, write: (value: string) => string): string =>
  text.replace(/\{(\w+)\}/g, (_place, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`This mail has no value for {${name}}.`);
    return write(value);
  });
