import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

/** What the boundary rules say of a tree. */
export interface CruisedTree {
  /** Every module of the tree itself, by its path. */
  readonly modules: readonly string[];
  readonly violations: readonly { readonly rule: string; readonly from: string; readonly to: string }[];
}

/** Holds the sources below `folder` against the rules of the repository. */
export async function cruiseTree(folder: string): Promise<CruisedTree> {
  const options = await extractOptions(join(repositoryRoot, '.dependency-cruiser.cjs'));
  const sources = globSync('{src,test,migrations,bench}/**/*.ts', { cwd: folder });
  const { output } = await cruise(sources, { ...options, baseDir: folder, outputType: 'json' });
  const result = (typeof output === 'string' ? JSON.parse(output) : output) as ICruiseResult;
  const own = new Set(sources);
  return {
    modules: result.modules.map((module) => module.source).filter((source) => own.has(source)),
    violations: result.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}
