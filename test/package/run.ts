import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { delimiter, dirname } from 'node:path';

/** What a command left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a developer's shell has, besides his settings of Casegate, which must not reach the commands. */
const PASSED_ON =
  /^(HOME|USER|LANG|TMPDIR|(https?|no)_proxy|NODE_EXTRA_CA_CERTS|npm_config_(registry|cache|userconfig))$/i;

/** The environment of commands that are run as a developer would: on this Node, with nothing of Casegate set. */
export function developerEnvironment(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => PASSED_ON.test(entry[0]) && entry[1] !== undefined,
  );
  return {
    ...Object.fromEntries(own),
    PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_prefer_offline: 'true',
    npm_config_update_notifier: 'false',
    ...given,
  };
}

/** Runs lines of shell in a folder, until the first that fails. */
export async function run(
  lines: string,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', lines], {
    cwd: folder,
    env: developerEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
