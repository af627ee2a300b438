/** What the command line answers its caller with. */
export const EXIT = { done: 0, refused: 1, usage: 2 } as const;

/** A command that was refused, or that found something wrong: its message goes to standard error, without a stack. */
export class CommandRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandRefused';
  }
}
