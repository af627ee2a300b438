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
  const rule: RuleInWords = POLICY[access];
  const words = [
    rule.roles.join(', ') + (rule.practiceOnly ? ' of the practice' : ''),
    ...(rule.anonymous ? ['without a credential where allowed'] : []),
    ...(rule.enrolling ? ['with an enrolment token'] : []),
    ...(rule.stepUp ? ['step-up'] : []),
  ];
  return `${words.join('; ')} (\`${access}\`)`;
}

interface RuleInWords {
  readonly roles: readonly string[];
  readonly practiceOnly?: true;
  readonly anonymous?: true;
  readonly enrolling?: true;
  readonly stepUp?: true;
}

const HEAD = `# Routes

Every route that is served, who may call it, and the limit that it counts against. Every path also answers OPTIONS, and HEAD where
it has GET. *Step-up*: a session must have proven who is behind it within the last 300 seconds (\`POST /auth/step-up\`), by two factors
where the account has a second one. *Enrolment token*: what a sign-in gives to somebody who must enrol a second factor first; it opens
nothing but these routes. This file is generated from the declarations in \`src/adapters/http/routes\`; a test fails where it is out of date.

| method | path | who | limit | |
|---|---|---|---|---|`;
