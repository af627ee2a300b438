import type { OsUser } from './os-user.ts';

/** How PostgreSQL's programs are run; a plain part of Node's spawn options. */
export interface ProcessOptions {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly windowsHide: boolean;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Options for a program of PostgreSQL under an account (null: this process's). It gets none of the service's
 * environment: the secrets in there are no business of a process that another account can look into.
 */
export function processOptions(user: OsUser | null, cwd: string): ProcessOptions {
  return {
    cwd,
    env: { LC_ALL: 'C', TZ: 'UTC' },
    windowsHide: true,
    ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
  };
}
