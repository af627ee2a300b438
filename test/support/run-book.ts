/** What a fenced block of a run book is there for. */
export interface BookBlock {
  /** The first word after the fence: `sh`, `text`, `json` or `csv`. */
  readonly language: string;
  /** The others: the name of a file, or what is particular about the commands. */
  readonly note: string;
  readonly text: string;
}

/** A command of the book, and what comes of it. */
export interface BookStep extends BookBlock {
  /** What the book says that it prints; `null` where it does not say. */
  readonly prints: string | null;
}

/** The fenced blocks of a page, in their order. */
export const blocksOf = (page: string): readonly BookBlock[] =>
  [...page.matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gm)].map(([, language = '', note = '', text = '']) => ({
    language,
    note,
    text,
  }));

const isOutput = ({ language, note }: BookBlock): boolean => language === 'text' && note === '';

/** The blocks that something is done with, each with the output that follows it. */
export function stepsOf(blocks: readonly BookBlock[]): readonly BookStep[] {
  return blocks.flatMap((block, index) => {
    if (isOutput(block)) return [];
    const next = blocks[index + 1];
    return [{ ...block, prints: next && isOutput(next) ? next.text : null }];
  });
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/**
 * What matches an output as the book shows it: `…` is anything within a line, or any lines where it stands alone; any number stands for
 * any other, a space before it for any padding, what is counted may be one; a word in capitals that is in `names` is a value of this run.
 */
export function outputPattern(shown: string, names: readonly string[]): RegExp {
  const lines = shown.trimEnd().split('\n');
  const patterns = lines.map((line) => {
    if (line.trim() === '…') return '(?:.*\\n)*?';
    const pattern = escaped(line)
      .replaceAll('…', '.*')
      .replaceAll(/ *\d+/g, (number) => (number.startsWith(' ') ? ' +\\d+' : '\\d+'))
      .replaceAll(/(?<=\\d\+ )(\w+)s\b/g, '$1s?')
      .replaceAll(/\b[A-Z]{3,}\b/g, (word) => (names.includes(word) ? `(?<${word}>\\S+)` : word));
    return `${pattern}\\n`;
  });
  return new RegExp(`^${patterns.join('')}$`);
}
