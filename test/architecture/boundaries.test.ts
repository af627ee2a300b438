import { expect } from 'chai';
import extractConfiguration from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { join, posix } from 'node:path';
import { cruiseTree } from './cruise-tree.ts';
import { inPlantedTree } from './in-planted-tree.ts';
import { repositoryRoot } from './repository-root.ts';

type ImportKind = 'import' | 'import type';

/** One forbidden import: `to` is a path in the tree, or the name of a package or of a part of Node. */
interface Plant {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  /** Both, where nothing is said. */
  readonly kinds?: readonly ImportKind[];
}

const plants: readonly Plant[] = [
  {
    rule: 'domain-is-pure',
    from: 'src/domain/cases/planted.ts',
    to: 'src/application/ports/system/planted.ts',
  },
  { rule: 'domain-is-pure', from: 'src/domain/cases/planted.ts', to: 'src/adapters/system/planted.ts' },
  { rule: 'domain-is-pure', from: 'src/domain/cases/planted.ts', to: 'zod' },
  { rule: 'domain-is-pure', from: 'src/domain/shared/planted.ts', to: 'node:crypto' },
  {
    rule: 'application-knows-domain-and-ports',
    from: 'src/application/cases/planted.ts',
    to: 'src/adapters/memory/planted.ts',
  },
  {
    rule: 'application-knows-domain-and-ports',
    from: 'src/application/cases/planted.ts',
    to: 'src/main/planted.ts',
  },
  {
    rule: 'application-knows-domain-and-ports',
    from: 'src/application/ports/stores/planted.ts',
    to: 'kysely',
  },
  { rule: 'application-knows-domain-and-ports', from: 'src/application/steps/planted.ts', to: 'node:timers' },
  {
    rule: 'ports-stand-alone',
    from: 'src/application/ports/stores/planted.ts',
    to: 'src/application/steps/planted.ts',
  },
  {
    rule: 'adapters-do-not-know-each-other',
    from: 'src/adapters/postgres/stores/planted.ts',
    to: 'src/adapters/memory/planted.ts',
  },
  { rule: 'adapters-do-not-know-main', from: 'src/adapters/http/planted.ts', to: 'src/main/planted.ts' },
  {
    rule: 'driven-adapters-know-only-ports',
    from: 'src/adapters/crypto/planted.ts',
    to: 'src/application/cases/planted.ts',
  },
  { rule: 'migrations-stand-alone', from: 'migrations/0001_planted.ts', to: 'src/domain/shared/planted.ts' },
  {
    rule: 'use-cases-do-not-call-each-other',
    from: 'src/application/cases/planted.ts',
    to: 'src/application/cases/other-planted.ts',
  },
  {
    rule: 'use-cases-do-not-call-each-other',
    from: 'src/application/cases/planted.ts',
    to: 'src/application/access/planted.ts',
  },
  {
    rule: 'use-cases-do-not-call-each-other',
    from: 'src/application/steps/planted.ts',
    to: 'src/application/access/planted.ts',
  },
  {
    rule: 'use-cases-do-not-call-each-other',
    from: 'src/application/cases/planted.ts',
    to: 'src/application/planted.ts',
  },
  {
    rule: 'features-meet-in-ports',
    from: 'src/application/cases/planted.ts',
    to: 'src/application/access/steps/planted.ts',
  },
  {
    rule: 'domain-features-share-types-only',
    from: 'src/domain/cases/planted.ts',
    to: 'src/domain/identity/planted.ts',
    kinds: ['import'],
  },
  {
    rule: 'shared-domain-knows-no-feature',
    from: 'src/domain/shared/planted.ts',
    to: 'src/domain/identity/planted.ts',
  },
  { rule: 'only-main-knows-inversify', from: 'src/adapters/http/planted.ts', to: 'inversify' },
  { rule: 'only-main-knows-inversify', from: 'test/api/planted.ts', to: 'inversify' },
  { rule: 'not-to-dev-dep', from: 'src/adapters/http/planted.ts', to: 'chai' },
  { rule: 'not-to-dev-dep', from: 'migrations/0001_planted.ts', to: 'fast-check' },
  { rule: 'not-to-unlisted-package', from: 'src/adapters/http/planted.ts', to: 'body-parser' },
  {
    rule: 'not-to-unresolvable',
    from: 'src/adapters/http/planted.ts',
    to: 'a-package-that-is-not-installed',
  },
  { rule: 'not-to-test', from: 'src/main/planted.ts', to: 'test/support/planted.ts' },
  {
    rule: 'contracts-know-ports-and-domain',
    from: 'test/contracts/planted.ts',
    to: 'src/adapters/memory/planted.ts',
  },
  {
    rule: 'package-entries-are-for-the-outside',
    from: 'src/main/planted.ts',
    to: 'src/adapters/memory/index.ts',
  },
];

const isPath = (to: string): boolean => to.endsWith('.ts');

const specifier = ({ from, to }: Plant): string => {
  if (!isPath(to)) return to;
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
};

const importing = (what: string, kind: ImportKind): string =>
  kind === 'import'
    ? `import * as planted from '${what}';\nexport const seen = planted;\n`
    : `import type * as planted from '${what}';\nexport type Seen = typeof planted;\n`;

const firedBy = async (files: Readonly<Record<string, string>>): Promise<string[]> => {
  const { violations } = await inPlantedTree(files, cruiseTree);
  return violations.map(({ rule, from }) => `${rule} in ${from}`);
};

describe('The boundaries', () => {
  for (const plant of plants) {
    for (const kind of plant.kinds ?? (['import', 'import type'] as const)) {
      it(`${plant.rule}: refuses ${kind} of ${plant.to} in ${plant.from}`, async () => {
        const target = isPath(plant.to) ? { [plant.to]: 'export const planted = 1;\n' } : {};
        const fired = await firedBy({ ...target, [plant.from]: importing(specifier(plant), kind) });
        expect(fired).to.include(`${plant.rule} in ${plant.from}`);
      });
    }
  }

  for (const kind of ['import', 'import type'] as const) {
    it(`no-circular: refuses two files that need each other by ${kind}`, async () => {
      const fired = await firedBy({
        'src/domain/cases/one.ts': importing('./other.ts', kind),
        'src/domain/cases/other.ts': importing('./one.ts', kind),
      });
      expect(fired).to.include('no-circular in src/domain/cases/one.ts');
    });
  }

  it('no-orphans: refuses a file that is not in use', async () => {
    const fired = await firedBy({ 'src/domain/cases/planted.ts': 'export const planted = 1;\n' });
    expect(fired).to.deep.equal(['no-orphans in src/domain/cases/planted.ts']);
  });

  it('let a rule name the data of another feature', async () => {
    const fired = await firedBy({
      'src/domain/identity/planted.ts': 'export interface Planted { readonly id: string }\n',
      'src/domain/cases/planted.ts': importing('../identity/planted.ts', 'import type'),
    });
    expect(fired).to.deep.equal([]);
  });

  it('let a use case import ports, steps and the domain', async () => {
    const planted = 'export const planted = 1;\n';
    const fired = await firedBy({
      'src/domain/cases/planted.ts': planted,
      'src/application/ports/stores/planted.ts': planted,
      'src/application/steps/planted.ts': planted,
      'src/application/cases/steps/planted.ts': planted,
      'src/application/cases/submit-planted.ts': [
        importing('../../domain/cases/planted.ts', 'import'),
        "import type { planted as port } from '../ports/stores/planted.ts';",
        "import { planted as step } from '../steps/planted.ts';",
        "import { planted as own } from './steps/planted.ts';",
        'export const used: readonly (typeof port)[] = [step, own];\n',
      ].join('\n'),
    });
    expect(fired).to.deep.equal([]);
  });

  it('are planted here, each of them', async () => {
    const { forbidden = [] } = await extractConfiguration(join(repositoryRoot, '.dependency-cruiser.cjs'));
    const planted = new Set([...plants.map(({ rule }) => rule), 'no-circular', 'no-orphans']);
    expect(forbidden.map(({ name }) => name)).to.have.members([...planted]);
    expect(forbidden.map(({ severity }) => severity)).to.satisfy((all: string[]) =>
      all.every((one) => one === 'error'),
    );
  });

  it('hold in this repository, all of which is looked at', async () => {
    const { modules, violations } = await cruiseTree(repositoryRoot);
    const count = (folder: string): number => modules.filter((source) => source.startsWith(folder)).length;
    expect(violations).to.deep.equal([]);
    expect(count('src/domain/'), 'modules of the domain').to.be.at.least(20);
    expect(count('src/application/'), 'modules of the application').to.be.at.least(40);
    expect(count('src/adapters/'), 'modules of the adapters').to.be.at.least(50);
    expect(count('src/main/'), 'modules of main').to.be.at.least(5);
    expect(count('migrations/'), 'migrations').to.be.at.least(1);
    expect(count('test/'), 'modules of the tests').to.be.at.least(30);
  });
});
