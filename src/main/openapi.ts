import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiRoutes } from '../adapters/http/api-routes.ts';
import { Cursors } from '../adapters/http/cursors.ts';
import { problemsMarkdown } from '../adapters/http/docs/problems-markdown.ts';
import { routesMarkdown } from '../adapters/http/docs/routes-markdown.ts';
import { openApiDocument } from '../adapters/http/openapi.ts';
import { SessionMode } from '../adapters/http/session-mode.ts';
import { compose } from './compose.ts';
import { memoryAdapters } from './modules/memory-adapters.ts';
import { packageVersion } from './package-version.ts';

const DOCS = join(import.meta.dirname, '../../docs');

/** The documents that are made from the declarations of routes and problems, by file name. */
async function generatedDocuments(): Promise<Readonly<Record<string, string>>> {
  const version = packageVersion();
  const routes = apiRoutes({
    app: compose(await memoryAdapters()),
    cursors: new Cursors(new Uint8Array(32)),
    sessionMode: new SessionMode([]),
    readiness: () => Promise.resolve({}),
    isDraining: () => false,
    version,
  });
  return {
    'openapi.json': `${JSON.stringify(openApiDocument(routes, version), null, 2)}\n`,
    'routes.md': routesMarkdown(routes),
    'problems.md': problemsMarkdown(),
  };
}

const differs = (file: string, content: string): boolean =>
  !existsSync(file) || readFileSync(file, 'utf8') !== content;

const checkOnly = process.argv.includes('--check');
for (const [name, content] of Object.entries(await generatedDocuments())) {
  const file = join(DOCS, name);
  if (!differs(file, content)) continue;
  if (checkOnly) {
    process.stderr.write(`docs/${name} is not what the code says; run: make openapi\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, content);
    process.stdout.write(`docs/${name} written\n`);
  }
}
