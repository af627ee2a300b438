import { Command } from 'commander';
import type { SigningKeyInfo } from '../../application/ports/security/signing-keys.ts';
import { withCasegate } from './with-casegate.ts';
import type { Env } from './env.ts';
import { OPERATOR } from './operator.ts';

const line = ({ kid, alg, createdAt, acceptedUntil }: SigningKeyInfo): string =>
  `${kid}  ${alg}  made ${createdAt.toISOString()}  ${acceptedUntil ? `accepted until ${acceptedUntil.toISOString()}` : 'signs'}\n`;

/** `keys list|rotate`: the keys that sign access tokens. */
export function keysCommand(env: Env): Command {
  const keys = new Command('keys').description('the keys that sign access tokens');
  keys
    .command('list')
    .description('list the keys that sign or are still accepted, the newest first')
    .action(() =>
      withCasegate(env, async ({ access }) => {
        for (const key of await access.listSigningKeys.execute()) process.stdout.write(line(key));
      }),
    );
  keys
    .command('rotate')
    .description('let a new key sign from now on; tokens of the former one count until they expire')
    .action(() =>
      withCasegate(env, async ({ access }) => {
        process.stdout.write(line(await access.rotateSigningKeys.execute({ actor: OPERATOR })));
      }),
    );
  return keys;
}
