import { text } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import type { Application } from '../../application/application.ts';
import type { Settings } from '../../application/ports/system/settings.ts';
import { ROLES, type Role } from '../../domain/identity/user.ts';
import { DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';
import { RandomSecretGenerator } from '../../adapters/crypto/random-secret-generator.ts';
import { CommandRefused } from './exit-codes.ts';
import { OPERATOR } from './operator.ts';
import type { Env } from './env.ts';
import { usersImportCommand } from './users-import.ts';
import { withCasegate } from './with-casegate.ts';

interface CreateOptions {
  readonly email: string;
  readonly role: Role;
  readonly tenant: string;
}

/** A password for the new account, and whether its owner has to be told. */
interface ChosenPassword {
  readonly password: string;
  readonly generated: boolean;
}

/** From standard input, one line; on a terminal, where nobody pipes one in, made up. */
async function choosePassword(): Promise<ChosenPassword> {
  if (process.stdin.isTTY) return { password: new RandomSecretGenerator().generate(), generated: true };
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (password === '') {
    throw new CommandRefused(
      'No password came on standard input. Pipe one in, or run this on a terminal to have one made.',
    );
  }
  return { password, generated: false };
}

/** Where addresses have to be confirmed, that is what comes next. */
const CONFIRMATION =
  'A mail asks for the address to be confirmed; nobody can sign in before. The service sends it, as soon as it runs.\n';

async function createUser(app: Application, options: CreateOptions, settings: Settings): Promise<void> {
  const tenant = await app.tenancy.findTenantBySlug.execute({ actor: OPERATOR, slug: options.tenant });
  if (!tenant) throw new CommandRefused(`There is no tenant "${options.tenant}".`);
  const { password, generated } = await choosePassword();
  const user = await app.identity.createUser.execute({
    actor: { kind: 'system', tenantId: tenant.id },
    email: options.email,
    role: options.role,
    password,
  });
  process.stdout.write(`${user.role} ${user.id} created in tenant ${tenant.slug}\n`);
  if (settings.signIn.emailVerification === 'required') process.stdout.write(CONFIRMATION);
  if (generated) process.stdout.write(`password (shown this once): ${password}\n`);
}

/** `users create`: an account of any role; how the first admin is made. `users import`: those of many people. */
export function usersCommand(env: Env): Command {
  const users = new Command('users').description('accounts');
  users
    .command('create')
    .description(
      'make an account; its password comes from standard input, or is made up and shown once on a terminal. ' +
        'Where addresses have to be confirmed (in production), a mail asks for it',
    )
    .requiredOption('--email <address>', 'e-mail address to sign in with')
    .addOption(new Option('--role <role>', 'what the person is').choices(ROLES).makeOptionMandatory())
    .option('--tenant <slug>', 'tenant that the account belongs to', DEFAULT_TENANT_SLUG)
    .action((options: CreateOptions) =>
      withCasegate(env, (app, settings) => createUser(app, options, settings)),
    );
  return users.addCommand(usersImportCommand(env));
}
