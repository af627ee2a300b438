import cliProgress from 'cli-progress';

/** Milliseconds between two lines where there is no terminal. */
const LINE_EVERY_MS = 5_000;

/** Shows on standard error how far a long command has come. */
export interface Progress {
  /** @param total may change on the way: what has to be done is counted while others go on writing */
  readonly update: (done: number, total: number) => void;
  /** Shows where it ended. To be called whatever came of the command; nothing is shown where nothing was ever told. */
  readonly stop: () => void;
}

/** Where it is shown. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** A bar on a terminal, redrawn in its place. */
function bar(label: string, stream: ProgressStream): Progress {
  const shown = new cliProgress.SingleBar({
    stream,
    format: `${label} [{bar}] {percentage}% | {value}/{total} | {duration_formatted}`,
    // Whatever the bar changes of the terminal would stay changed after Ctrl-C.
    linewrap: true,
  });
  let last = { done: 0, total: 0 };
  return {
    update: (done, total) => {
      last = { done, total };
      if (!shown.isActive) shown.start(total, done);
      shown.setTotal(total);
      shown.update(done);
    },
    stop: () => {
      shown.update(last.done);
      shown.stop();
    },
  };
}

/** A line at first, one every few seconds and one at the end, each on its own: for logs. */
function lines(label: string, stream: ProgressStream): Progress {
  let last: string | null = null;
  let written: string | null = null;
  let writtenAt = Number.NEGATIVE_INFINITY;
  const write = (line: string): void => {
    stream.write(line);
    written = line;
    writtenAt = performance.now();
  };
  return {
    update: (done, total) => {
      last = `${label} ${String(done)}/${String(total)}\n`;
      if (performance.now() - writtenAt >= LINE_EVERY_MS) write(last);
    },
    stop: () => {
      if (last !== null && last !== written) write(last);
    },
  };
}

/**
 * Shows the progress of a long command: as a bar on a terminal, as plain lines elsewhere.
 *
 * @param label what is being done, such as `texts sealed anew`
 */
export const progress = (label: string, stream: ProgressStream = process.stderr): Progress =>
  stream.isTTY === true ? bar(label, stream) : lines(label, stream);

/** Shows how far some work has come for as long as it lasts, whatever comes of it. */
export async function withProgress<T>(
  label: string,
  work: (update: Progress['update']) => Promise<T>,
): Promise<T> {
  const shown = progress(label);
  try {
    return await work(shown.update);
  } finally {
    shown.stop();
  }
}
