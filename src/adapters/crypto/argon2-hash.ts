/** What a hash of argon2 costs (RFC 9106, section 3.1). */
interface Argon2Cost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** A hash of argon2i, argon2d or argon2id; Django writes its own name before. */
const ARGON2 =
  /^(?:argon2)?(\$argon2(?:id|i|d)\$(?:v=(?:16|19)\$)?m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,171})$/;

/** 128 MiB, and passes over a gibibyte in all: under a second of a core. */
const MAX_MEMORY_KIB = 131_072;
const MAX_WORK_KIB = 1_048_576;
const MAX_LANES = 16;

/** The hash itself, without what others write before it. */
export const bareArgon2Hash = (text: string): string => ARGON2.exec(text)?.[1] ?? text;

/** Whether a text is a hash of argon2 that somebody else may have made, and that costs no more than a comparison may. */
export function isBoundedArgon2Hash(text: string): boolean {
  const [, , memory, passes, lanes] = ARGON2.exec(text) ?? [];
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  return isPossible(cost) && isBounded(cost);
}

const isPossible = ({ lanes, memoryKib, passes }: Argon2Cost): boolean =>
  lanes >= 1 && passes >= 1 && memoryKib >= 8 * lanes;

const isBounded = ({ lanes, memoryKib, passes }: Argon2Cost): boolean =>
  lanes <= MAX_LANES && memoryKib <= MAX_MEMORY_KIB && memoryKib * passes <= MAX_WORK_KIB;
