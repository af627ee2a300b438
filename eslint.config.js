import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const typescript = ['src/**/*.ts', 'test/**/*.ts', 'migrations/**/*.ts', 'bench/**/*.ts'];

/** What package.json exports: the only files that may pass on what others declare. */
const packageEntries = [
  'src/main/index.ts',
  'src/application/ports/index.ts',
  'src/adapters/memory/index.ts',
  'test/contracts/index.ts',
];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'Export by name: one thing a file, named after it.',
};
const noBarrel = {
  selector: 'ExportAllDeclaration, ExportNamedDeclaration[source]',
  message: 'Import from the file that declares it: only the package entries pass exports on.',
};
const noOwnClock = [
  {
    selector: ':matches(NewExpression, CallExpression)[callee.name="Date"][arguments.length=0]',
    message: 'Time is an argument in the domain, and the Clock port in use cases.',
  },
  {
    selector: 'VariableDeclarator[init.name=/^(Date|Math)$/]',
    message: 'Do not rename Date or Math: the clock and chance are ports.',
  },
  { selector: 'MetaProperty[meta.name="import"]', message: 'The core does not know where it runs.' },
];
const noFocusOrSkip = [
  {
    selector:
      'MemberExpression[object.name=/^(describe|context|suite|it|specify|test|before|beforeEach|after|afterEach)$/]' +
      '[property.name=/^(only|skip)$/]',
    message: 'Every test runs, always.',
  },
  {
    selector: 'CallExpression[callee.name=/^(xdescribe|xcontext|xit|xspecify)$/]',
    message: 'Every test runs, always.',
  },
  {
    selector:
      'CallExpression[callee.type="MemberExpression"][callee.object.type="ThisExpression"][callee.property.name="skip"]',
    message: 'Every test runs, always.',
  },
];

const environment = [
  'process',
  'console',
  'crypto',
  'performance',
  'fetch',
  'navigator',
  'globalThis',
  'global',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'require',
].map((name) => ({ name, message: 'The core reaches its environment through ports only.' }));

const chance = [
  {
    object: 'Date',
    property: 'now',
    message: 'Time is an argument in the domain, and the Clock port in use cases.',
  },
  { object: 'Math', property: 'random', message: 'Chance comes from a port.' },
];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.casegate/']),
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    name: 'casegate/typescript',
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      // An early return may end with the call that ends it.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Spreading a string counts code points, which is what limits on text are given in.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      'array-callback-return': 'error',
      complexity: ['error', 15],
      curly: ['error', 'multi-line'],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-depth': ['error', 3],
      'max-lines': ['error', 400],
      'no-console': 'error',
      'no-constructor-return': 'error',
      'no-eval': 'error',
      'no-implicit-coercion': ['error', { boolean: false }],
      'no-param-reassign': ['error', { props: false }],
      'no-promise-executor-return': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-unreachable-loop': 'error',
      'no-useless-rename': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'no-restricted-syntax': ['error', noDefaultExport, noBarrel],
    },
  },
  {
    name: 'casegate/size',
    files: ['src/**/*.ts', 'migrations/**/*.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 5],
    },
  },
  {
    name: 'casegate/wiring-is-a-list',
    files: ['src/main/modules/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }] },
  },
  {
    name: 'casegate/core-has-no-clock-and-no-environment',
    files: ['src/domain/**/*.ts', 'src/application/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...environment],
      'no-restricted-properties': ['error', ...chance],
      'no-restricted-syntax': ['error', noDefaultExport, noBarrel, ...noOwnClock],
    },
  },
  {
    name: 'casegate/only-main-reads-the-environment',
    files: ['src/adapters/**/*.ts', 'migrations/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only src/main reads the environment: take a setting as an argument.',
        },
        { object: 'process', property: 'exit', message: 'Only src/main ends the process.' },
      ],
    },
  },
  {
    name: 'casegate/tests',
    files: ['test/**/*.ts'],
    rules: {
      // chai's assertions are properties: expect(x).to.be.true
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': ['error', noDefaultExport, noBarrel, ...noFocusOrSkip],
    },
  },
  {
    name: 'casegate/terminal-output',
    files: ['bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    name: 'casegate/package-entries',
    files: packageEntries,
    rules: { 'no-restricted-syntax': ['error', noDefaultExport] },
  },
  {
    name: 'casegate/configuration-files',
    files: ['*.js', '.*.cjs'],
    rules: { eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error', 'no-undef': 'off' },
  },
);
