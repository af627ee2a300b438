import { type ProblemKind, PROBLEMS } from '../problems/problem-catalogue.ts';

/** The catalogue of problems as Markdown, for `docs/problems.md`. */
export function problemsMarkdown(): string {
  const sections = Object.entries<ProblemKind>(PROBLEMS).map(
    ([code, { status, title, meaning }]) =>
      `## <a id="${code}"></a>\`${code}\`\n\n**${status} ${title}.** ${meaning}\n`,
  );
  return `${HEAD}\n${sections.join('\n')}`;
}

const HEAD = `# Problems

Every error is answered as \`application/problem+json\` (RFC 9457):

| field | |
|---|---|
| \`type\` | the address of the problem's section in the served documentation, \`/docs/problems#<code>\` |
| \`title\`, \`status\` | the same in each occurrence |
| \`detail\` | what is to be said of this occurrence; never repeats what was sent |
| \`code\` | the stable name: decide by it |
| \`instance\`, \`requestId\` | name this occurrence; \`requestId\` is in \`X-Request-Id\` and in the log as well |
| \`errors\` | for fields: \`[{pointer, detail}]\`, JSON pointers (RFC 6901) |

This file is generated from the catalogue in \`src/adapters/http/problems/problem-catalogue.ts\`.
`;
