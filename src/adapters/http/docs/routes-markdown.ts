import { POLICY } from '../../../domain/access/policy.ts';
import type { Access, Route } from '../route.ts';

/** The table of every route with who may call it and what it counts against, for `docs/routes.md`. */
export function routesMarkdown(routes: readonly Route[]): string {
  const rows = routes.map(
    ({ access, limit, method, path, summary }) =>
      `| \`${method.toUpperCase()}\` | \`${path}\` | ${whoOf(access)} | ${limit} | ${summary} |`,
  );
  return `${HEAD}\n${rows.join('\n')}\n`;
}

/** Who may call a route of this access, in words. */
function whoOf(access: Access): string {
  if (access === 'public') return 'anybody';
  const rule: { roles: readonly string[]; practiceOnly?: true; anonymous?: true } = POLICY[access];
  const roles = rule.roles.join(', ') + (rule.practiceOnly ? ' of the practice' : '');
  return `${roles}${rule.anonymous ? '; without a credential where allowed' : ''} (\`${access}\`)`;
}

const HEAD = `# Routes

Every route that is served, who may call it, and the limit that it counts against. Every path also answers OPTIONS, and HEAD where
it has GET. This file is generated from the declarations in \`src/adapters/http/routes\`; a test fails where it is out of date.

| method | path | who | limit | |
|---|---|---|---|---|`;
