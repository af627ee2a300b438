import { Command } from 'commander';
import type { RotatedDataKeys } from '../../application/access/rotate-data-keys.ts';
import type { Application } from '../../application/application.ts';
import type { SigningKeyInfo } from '../../application/ports/security/signing-keys.ts';
import { counted } from '../inspection/in-words.ts';
import { withCasegate } from './with-casegate.ts';
import type { Env } from './env.ts';
import { CommandRefused } from './exit-codes.ts';
import { OPERATOR } from './operator.ts';
import { withProgress } from './progress.ts';
import { wait } from './wait.ts';

const line = ({ kid, alg, createdAt, acceptedUntil }: SigningKeyInfo): string =>
  `${kid}  ${alg}  made ${createdAt.toISOString()}  ${acceptedUntil ? `accepted until ${acceptedUntil.toISOString()}` : 'signs'}\n`;

const ROTATE_DATA = `
Every tenant gets a new key, and every text is sealed anew under it: texts of cases, secrets of authenticator apps, mails that wait.
The service may run meanwhile. It may be broken off at any time and run again: within an hour it then finishes what was begun,
and makes no further keys; later it does both. Former keys are kept for a day at least; a later run destroys those that nothing needs any more.
Exit code 1 means that some texts do not open; they are named, and left as they are.`;

function summary({ destroyedKeys, isResumed, tenants, texts }: RotatedDataKeys): string {
  const begun = isResumed
    ? 'Finished a rotation that had been broken off; no new key was made.'
    : `Made a new key for ${counted(tenants, 'tenant')}.`;
  const lines = [begun, `Sealed ${counted(texts, 'text')} anew.`];
  if (destroyedKeys > 0) lines.push(`Destroyed ${counted(destroyedKeys, 'former key')}.`);
  return `${lines.join('\n')}\n`;
}

function unopenedTexts({ firstUnopened, unopened }: RotatedDataKeys): string {
  const named = firstUnopened.map(({ column, rowId, tenantId }) => `${column} ${rowId} (tenant ${tenantId})`);
  const others = unopened - named.length;
  return [
    `${counted(unopened, 'text')} did not open, and stayed under former keys:`,
    ...named,
    ...(others > 0 ? [`and ${String(others)} more`] : []),
  ].join('\n');
}

async function rotateData({ access }: Application): Promise<void> {
  const rotated = await withProgress('sealed anew', (update) =>
    access.rotateDataKeys.execute({
      actor: OPERATOR,
      wait,
      onProgress: ({ done, total }) => update(done, total),
    }),
  );
  process.stdout.write(summary(rotated));
  if (rotated.unopened > 0) throw new CommandRefused(unopenedTexts(rotated));
}

/** `keys list|rotate|rotate-data`: the keys that sign access tokens, and those that encrypt texts. */
export function keysCommand(env: Env): Command {
  const keys = new Command('keys').description(
    'the keys that sign access tokens, and those that encrypt texts',
  );
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
  keys
    .command('rotate-data')
    .description('give every tenant a new key, and seal all texts anew under it; may be run again')
    .addHelpText('after', ROTATE_DATA)
    .action(() => withCasegate(env, rotateData));
  return keys;
}
