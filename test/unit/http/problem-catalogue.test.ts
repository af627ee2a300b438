import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { problemsMarkdown } from '../../../src/adapters/http/docs/problems-markdown.ts';
import { problemsPage } from '../../../src/adapters/http/docs/problems-page.ts';
import { type ProblemKind, PROBLEMS } from '../../../src/adapters/http/problems/problem-catalogue.ts';

const DOMAIN = join(import.meta.dirname, '../../../src/domain');

/** The codes of every error class under src/domain, read from the text. */
const domainCodes = (): readonly string[] =>
  readdirSync(DOMAIN, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('errors.ts'))
    .flatMap((file) => [...readFileSync(join(DOMAIN, file), 'utf8').matchAll(/readonly code = '([^']+)'/g)])
    .map(([, code = '']) => code);

describe('The catalogue of problems', () => {
  it('has a line for every error of the domain, from whatever file', () => {
    expect(domainCodes()).to.have.length.above(10);
    expect(PROBLEMS).to.include.keys(...domainCodes());
  });

  it('has no line for an error that does not exist', () => {
    const codes = Object.keys(PROBLEMS).filter((code) => !code.startsWith('request.'));
    expect(domainCodes()).to.include.members(codes);
  });

  it('names each problem by feature and kebab-case, with an error status and words to it', () => {
    for (const [code, { status, title, meaning }] of Object.entries<ProblemKind>(PROBLEMS)) {
      expect(code).to.match(/^[a-z]+\.[a-z]+(-[a-z]+)*$/);
      expect(status, code).to.be.within(400, 599);
      expect(title, code).to.match(/^[A-Z]/);
      expect(meaning, code).to.match(/\.$/);
    }
  });

  it('is served and written down with a heading for each, which problems link to', () => {
    const page = problemsPage();
    const markdown = problemsMarkdown();
    for (const code of Object.keys(PROBLEMS)) {
      expect(page).to.contain(`<h2 id="${code}">`);
      expect(markdown).to.contain(`<a id="${code}"></a>`);
    }
    expect(page).to.not.contain('<script');
  });
});
