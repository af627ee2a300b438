import type { Route } from './route.ts';

/** An answer that is not what its route declares: a bug, of which the client is told nothing. */
export class ReplyMismatch extends Error {
  constructor(route: Route, status: number, paths: readonly string[]) {
    super(
      `${route.method} ${route.path} answered ${status} in another shape than declared: ${paths.join(', ')}`,
    );
    this.name = 'ReplyMismatch';
  }
}
