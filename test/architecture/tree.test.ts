import { expect } from 'chai';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

const sources = globSync('{src,test,migrations,bench}/**/*', { cwd: repositoryRoot, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(repositoryRoot.length + 1));

const documents = globSync('{*,.ci/*,.github/**/*,docs/**/*}', {
  cwd: repositoryRoot,
  withFileTypes: true,
  exclude: (entry) => ['node_modules', '.git', 'dist', 'coverage', '.casegate'].includes(entry.name),
})
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(repositoryRoot.length + 1));

const textOf = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

/** Folders of one machine: true nowhere else. */
const machineFolders = ['work', 'farm', 'home', 'Users', 'workspaces'].map(
  (name) => new RegExp(`(^|[\\s'"\`(=:])/${name}/`, 'm'),
);

describe('The tree', () => {
  it('is looked at', () => {
    expect(sources.filter((path) => path.startsWith('src/'))).to.have.length.of.at.least(100);
    expect(documents).to.include.members(['package.json', 'Makefile', '.ci/run']);
  });

  it('names every file in kebab-case, migrations by number', () => {
    const named = /^(\d{4}_)?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/;
    expect(sources.filter((path) => !named.test(path.split('/').at(-1) ?? ''))).to.deep.equal([]);
  });

  it('has nothing in what is published that the compiler would leave behind', () => {
    const published = sources.filter((path) => /^(src|migrations|test\/contracts)\//.test(path));
    expect(published.filter((path) => !path.endsWith('.ts'))).to.deep.equal([]);
  });

  it('keeps every source at 400 lines or fewer', () => {
    const tooLong = sources
      .filter((path) => path.endsWith('.ts'))
      .filter((path) => textOf(path).trimEnd().split('\n').length > 400);
    expect(tooLong).to.deep.equal([]);
  });

  it('names no folder of the machine that it was written on', () => {
    const naming = [...sources, ...documents].filter((path) => {
      const text = textOf(path);
      return machineFolders.some((folder) => folder.test(text));
    });
    expect(naming).to.deep.equal([]);
  });

  it('installs from the public registry only', () => {
    const { packages } = JSON.parse(textOf('package-lock.json')) as {
      packages: Record<string, { resolved?: string }>;
    };
    const elsewhere = Object.values(packages)
      .map(({ resolved }) => resolved)
      .filter((resolved) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'));
    expect(elsewhere).to.deep.equal([]);
  });
});
