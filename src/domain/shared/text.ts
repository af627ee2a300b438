/** Whether a text can be kept and shown as it is: well-formed Unicode without NUL. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Whether a text says something, and no more than `max` code points of it. */
export const isTextWithin = (text: string, max: number): boolean =>
  isStorable(text) && text.trim() !== '' && [...text].length <= max;
