/** What a log may say of a fault: its name, its code and where it happened. */
export interface FailureReport {
  readonly error: string;
  readonly code?: string;
  readonly stack: readonly string[];
  readonly cause?: FailureReport;
}

const FRAMES_MAX = 20;
const CAUSES_MAX = 3;
const PLAIN = /^[\w.-]{1,60}$/;
const FRAME = /^at (?:[^()]+ \()?[^()]+:\d+:\d+\)?$/;

/**
 * What a log may say of something that was thrown. Messages and details are left out: those of parsers and databases hold what was
 * sent.
 */
export function failureReport(thrown: unknown, causes = CAUSES_MAX): FailureReport {
  if (!(thrown instanceof Error)) return { error: `thrown ${typeof thrown}`, stack: [] };
  const code: unknown = 'code' in thrown ? thrown.code : undefined;
  return {
    error: PLAIN.test(thrown.name) ? thrown.name : 'Error',
    ...(typeof code === 'string' && PLAIN.test(code) && { code }),
    stack: framesOf(thrown),
    ...(thrown.cause !== undefined && causes > 0 && { cause: failureReport(thrown.cause, causes - 1) }),
  };
}

/** The frames of a stack; the message before them may have lines of any kind. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const messageAt = message === '' ? -1 : stack.indexOf(message);
  const frames = messageAt === -1 ? stack : stack.slice(messageAt + message.length);
  return frames
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => FRAME.test(line))
    .slice(0, FRAMES_MAX);
}
