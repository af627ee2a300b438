import { expect } from 'chai';
import { packed } from './packed.ts';

const BUILT = /^dist\/(src|migrations|test\/contracts)\/[\w/-]+\.(js|js\.map|d\.ts)$/;
const BESIDE = /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md|docs\/[\w/-]+\.(md|json))$/;

describe('The packed package', function () {
  this.timeout(120_000);

  it('has what runs, the contract suites and documents, and nothing else', async () => {
    const { files } = await packed();
    expect(files).to.include.members([
      'README.md',
      'LICENSE',
      'dist/src/main/cli.js',
      'dist/migrations/index.js',
    ]);
    expect(files.filter((path) => !BUILT.test(path) && !BESIDE.test(path))).to.deep.equal([]);
    expect(files.filter((path) => path.includes('.test.'))).to.deep.equal([]);
  });
});
