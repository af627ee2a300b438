import { expect } from 'chai';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PROBLEMS } from '../../src/adapters/http/problems/problem-catalogue.ts';
import { POLICY } from '../../src/domain/access/policy.ts';
import { CASE_EVENT_TYPES } from '../../src/domain/cases/case-event.ts';
import { repositoryRoot } from './repository-root.ts';

const textOf = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

const textsOf = (pattern: string): readonly string[] =>
  globSync(pattern, { cwd: repositoryRoot }).map(textOf);

const matchesOf = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, first = '']) => first);

const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].toSorted();

/** What stands in a document from one heading to the next of its level, or to the end. */
function chapterOf(path: string, heading: string): string {
  const [, chapter] = textOf(path).split(`\n${heading}\n`);
  const level = heading.split(' ')[0] ?? '';
  return chapter?.split(`\n${level} `)[0] ?? '';
}

/** The names in a column of a chapter's tables that are written as code. */
const namesIn = (chapter: string, column: number): readonly string[] =>
  chapter
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) => matchesOf(line.split('|')[column] ?? '', /`([^`]+)`/g));

/** Whatever the use cases write into the audit trail: what is called so, or looks like it and is neither a code nor an act. */
function auditActions(): readonly string[] {
  const sources = textsOf('src/application/**/*.ts').map((text) =>
    text.replaceAll(/operation: '[^']*'/g, ''),
  );
  const known = new Set([...Object.keys(PROBLEMS), ...Object.keys(POLICY)]);
  const called = sources.flatMap((text) => matchesOf(text, /\baction: '([^']+)'/g));
  const alike = sources.flatMap((text) => matchesOf(text, /'((?:access|cases|identity|tenancy)\.[a-z-]+)'/g));
  return sorted([
    ...called,
    ...alike.filter((name) => !known.has(name)),
    ...CASE_EVENT_TYPES.map((type) => `cases.${type}`),
  ]);
}

describe('The documents', () => {
  it('name every action of the audit trail, and no other', () => {
    const documented = namesIn(chapterOf('docs/operations.md', '## Audit trail').split('\n### ')[0] ?? '', 2);
    expect(sorted(documented)).to.deep.equal(auditActions());
  });

  it('name every table that the migrations make, and no other', () => {
    const made = textsOf('migrations/*.ts').flatMap((text) => matchesOf(text, /^CREATE TABLE (\w+) \($/gm));
    const others = ['casegate_jobs', 'casegate_migrations', 'casegate_migration_lock'];
    expect(made).to.include.members(['users', 'audit_entries']);
    expect(sorted(namesIn(chapterOf('docs/operations.md', '## Tables'), 1))).to.deep.equal(
      sorted([...made, ...others]),
    );
  });

  it('name every act of the policy in its order', () => {
    expect(namesIn(chapterOf('docs/authentication.md', '## Who may do what'), 1)).to.deep.equal(
      Object.keys(POLICY),
    );
  });

  it('list every decision by its title', () => {
    const files = globSync('docs/adr/0*.md', { cwd: repositoryRoot }).toSorted();
    const records = files.map((path) => {
      const [, number = '', title = ''] = /^# (\d{4}) (.+)\n/.exec(textOf(path)) ?? [];
      return { number, file: basename(path), title };
    });
    const rows = [...textOf('docs/adr/README.md').matchAll(/^\| \[(\d{4})\]\(([^)]+)\) *\| (.*?) *\|$/gm)];
    const listed = rows.map(([, number, file, title]) => ({ number, file, title }));
    expect(listed).to.deep.equal(records);
  });

  it('are all named on the first page', () => {
    const readme = textOf('README.md');
    const pages = globSync('docs/*', { cwd: repositoryRoot, exclude: ['docs/adr'] });
    expect(pages).to.include('docs/cases.md');
    expect(pages.filter((path) => !readme.includes(`](${path})`))).to.deep.equal([]);
  });

  it('link only to pages and headings that there are', () => {
    const slugOf = (heading: string): string =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-');
    const broken = globSync('{*.md,docs/**/*.md}', { cwd: repositoryRoot }).flatMap((from) =>
      matchesOf(textOf(from), /\]\((?!https?:)([^)\s]+)\)/g).filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? from : join(from, '..', path);
        if (globSync(target, { cwd: repositoryRoot }).length === 0) return true;
        return (
          anchor !== undefined &&
          !matchesOf(textOf(target), /^#+ (.+)$/gm)
            .map(slugOf)
            .includes(anchor)
        );
      }),
    );
    expect(broken).to.deep.equal([]);
  });
});
