import { type ProblemKind, PROBLEMS } from '../problems/problem-catalogue.ts';

/** The catalogue of problems as a page: the `type` of each problem links to its heading. */
export function problemsPage(): string {
  const sections = Object.entries<ProblemKind>(PROBLEMS).map(
    ([code, { status, title, meaning }]) =>
      `<section><h2 id="${code}"><code>${code}</code></h2><p><strong>${status} ${title}.</strong> ${html(meaning)}</p></section>`,
  );
  return `${HEAD}${sections.join('\n')}\n</main></body></html>\n`;
}

/** Texts of the catalogue: code between backticks. */
const html = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/`([^`]*)`/g, '<code>$1</code>');

const HEAD = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Casegate problems</title><link rel="icon" href="data:,">
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color: #1b1f24; background: #fff; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; }
h2:target { background: #fff3bf; }
code { font-family: ui-monospace, monospace; }
p { margin: .25rem 0; }
</style></head><body><main>
<h1>Problems</h1>
<p>Every error is answered as <code>application/problem+json</code> (RFC 9457). Decide by its <code>code</code>; give its <code>requestId</code> to the operator when you ask about it.</p>
`;
