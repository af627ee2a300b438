import { expect } from 'chai';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { repositoryRoot } from './repository-root.ts';

/** The rules of the repository that need no types: planted text is in no program of the compiler. */
const eslint = new ESLint({ cwd: repositoryRoot, overrideConfig: tseslint.configs.disableTypeChecked });

const firedBy = async (filePath: string, text: string): Promise<(string | null)[]> => {
  const [result] = await eslint.lintText(text, { filePath });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
};

const core = ['src/domain/cases/planted.ts', 'src/application/cases/planted.ts'];

const environment: readonly (readonly [string, string])[] = [
  ['new Date()', 'no-restricted-syntax'],
  ['Date()', 'no-restricted-syntax'],
  ['Date.now()', 'no-restricted-properties'],
  ["Date['now']()", 'no-restricted-properties'],
  ['Math.random()', 'no-restricted-properties'],
  ['import.meta.url', 'no-restricted-syntax'],
  ['process.env', 'no-restricted-globals'],
  ["process.getBuiltinModule('fs')", 'no-restricted-globals'],
  ['performance.now()', 'no-restricted-globals'],
  ['crypto.randomUUID()', 'no-restricted-globals'],
  ['globalThis.crypto', 'no-restricted-globals'],
  ['console.log(1)', 'no-restricted-globals'],
  ['setTimeout(() => 1, 1)', 'no-restricted-globals'],
  ['setInterval(() => 1, 1)', 'no-restricted-globals'],
  ['setImmediate(() => 1)', 'no-restricted-globals'],
  ["fetch('http://localhost')", 'no-restricted-globals'],
];

describe('The lint rules', () => {
  for (const filePath of core) {
    for (const [expression, rule] of environment) {
      it(`refuse ${expression} in ${filePath}`, async () => {
        expect(await firedBy(filePath, `export const planted = (): unknown => ${expression};\n`)).to.include(
          rule,
        );
      });
    }

    it(`refuse another name for the clock in ${filePath}`, async () => {
      const text = 'const Clock = Date;\nexport const planted = (): unknown => new Clock();\n';
      expect(await firedBy(filePath, text)).to.include('no-restricted-syntax');
    });

    it(`let ${filePath} work with a time that it was given`, async () => {
      const text = 'export const planted = (now: Date): Date => new Date(now.getTime() + 1000);\n';
      expect(await firedBy(filePath, text)).to.deep.equal([]);
    });
  }

  it('refuse to read the environment or to end the process in an adapter', async () => {
    const text =
      'export const planted = (): unknown => process.env;\nexport const end = (): never => process.exit(1);\n';
    const fired = await firedBy('src/adapters/http/planted.ts', text);
    expect(fired).to.deep.equal(['no-restricted-properties', 'no-restricted-properties']);
  });

  it('let main read the environment', async () => {
    const text = 'export const planted = (): unknown => process.env;\n';
    expect(await firedBy('src/main/planted.ts', text)).to.deep.equal([]);
  });

  for (const filePath of [
    'src/main/planted.ts',
    'test/unit/planted.test.ts',
    'migrations/0001_planted.ts',
    ...core,
  ]) {
    it(`refuse a default export in ${filePath}`, async () => {
      expect(await firedBy(filePath, 'export default function planted(): void {}\n')).to.include(
        'no-restricted-syntax',
      );
    });

    it(`refuse a barrel in ${filePath}`, async () => {
      expect(await firedBy(filePath, "export * from './other.ts';\n")).to.include('no-restricted-syntax');
      expect(await firedBy(filePath, "export { other } from './other.ts';\n")).to.include(
        'no-restricted-syntax',
      );
    });

    it(`refuse to be silenced in ${filePath}`, async () => {
      const text = '// eslint-disable-next-line no-var\nexport var planted = 1;\n';
      expect(await firedBy(filePath, text)).to.include('no-var');
      expect(await firedBy(filePath, '// @ts-ignore\nexport const planted = 1;\n')).to.include(
        '@typescript-eslint/ban-ts-comment',
      );
    });
  }

  it('let the entries of the package pass exports on', async () => {
    expect(await firedBy('src/application/ports/index.ts', "export * from './planted.ts';\n")).to.deep.equal(
      [],
    );
  });

  for (const statement of ["it.only('x', run);", "describe.skip('x', run);", "xit('x', run);"]) {
    it(`refuse ${statement} in a test`, async () => {
      expect(
        await firedBy('test/unit/planted.test.ts', `const run = (): number => 1;\n${statement}\n`),
      ).to.deep.equal(['no-restricted-syntax']);
    });
  }

  it('refuse a test that skips itself', async () => {
    const text = "it('x', function () {\n  this.skip();\n});\n";
    expect(await firedBy('test/unit/planted.test.ts', text)).to.deep.equal(['no-restricted-syntax']);
  });

  it("let tests assert by chai's properties", async () => {
    const text = "import { expect } from 'chai';\nit('x', () => {\n  expect(true).to.be.true;\n});\n";
    expect(await firedBy('test/unit/planted.test.ts', text)).to.deep.equal([]);
  });

  it('refuse a file of more than 400 lines and a function of more than 60', async () => {
    const lines = Array.from({ length: 401 }, (_, line) => `export const planted${line} = ${line};`).join(
      '\n',
    );
    expect(await firedBy('src/main/planted.ts', lines)).to.deep.equal(['max-lines']);
    const body = Array.from({ length: 61 }, (_, line) => `  seen(${line});`).join('\n');
    const text = `export function planted(seen: (line: number) => void): void {\n${body}\n}\n`;
    expect(await firedBy('src/main/planted.ts', text)).to.deep.equal(['max-lines-per-function']);
  });
});
