/**
 * Who may import whom. A rule that cannot fire is worse than none, so each one is planted in
 * test/architecture/boundaries.test.ts: add its violation there with the rule.
 */

const PORTS = '^src/application/ports/';
/** The files that package.json exports: for whoever installs the package. */
const PACKAGE_ENTRIES = '^(src/main|src/application/ports|src/adapters/memory|test/contracts)/index\\.ts$';
/** Adapters that drive use cases; the others are driven by them. */
const DRIVING_ADAPTERS = '^src/adapters/(http|jobs)/';
/** A file directly in a feature's folder of the application is a use case; a file beside the features lists them. */
const USE_CASES = ['^src/application/(?!ports/|steps/)[^/]+/[^/]+\\.ts$', '^src/application/[^/]+\\.ts$'];

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const layers = [
  {
    name: 'domain-is-pure',
    comment:
      'The domain is data and pure functions: it imports the domain only, no package and no part of Node.',
    severity: 'error',
    from: { path: '^src/domain/' },
    to: { pathNot: '^src/domain/' },
  },
  {
    name: 'application-knows-domain-and-ports',
    comment: 'Use cases import the domain and ports. What else they need is a port.',
    severity: 'error',
    from: { path: '^src/application/' },
    to: { pathNot: '^src/(domain|application)/' },
  },
  {
    name: 'ports-stand-alone',
    comment: 'A port is what an adapter must provide: it does not know the use cases that call it.',
    severity: 'error',
    from: { path: PORTS },
    to: { path: '^src/application/', pathNot: PORTS },
  },
  {
    name: 'adapters-do-not-know-each-other',
    comment: 'One folder a technology, replaced one by one: siblings meet in ports.',
    severity: 'error',
    from: { path: '^src/adapters/([^/]+)/' },
    to: { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
  },
  {
    name: 'adapters-do-not-know-main',
    comment: 'Wiring knows adapters, never the other way round.',
    severity: 'error',
    from: { path: '^src/adapters/' },
    to: { path: '^src/main/' },
  },
  {
    name: 'driven-adapters-know-only-ports',
    comment:
      'Of the application, an adapter that is driven by use cases imports ports. HTTP and jobs drive them.',
    severity: 'error',
    from: { path: '^src/adapters/', pathNot: DRIVING_ADAPTERS },
    to: { path: '^src/application/', pathNot: PORTS },
  },
  {
    name: 'migrations-stand-alone',
    comment:
      'A migration means the same for ever: what it needs of the code that changes, it writes down itself.',
    severity: 'error',
    from: { path: '^migrations/' },
    to: { path: '^src/(domain|application|main)/' },
  },
];

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const features = [
  {
    name: 'use-cases-do-not-call-each-other',
    comment: 'Shared work is a function in steps/ that receives the stores.',
    severity: 'error',
    from: { path: '^src/application/[^/]+/' },
    to: { path: USE_CASES },
  },
  {
    name: 'features-meet-in-ports',
    comment:
      'A feature of the application imports its own folder, ports and shared steps, not another feature.',
    severity: 'error',
    from: { path: '^src/application/(?!ports/|steps/)([^/]+)/' },
    to: { path: '^src/application/(?!ports/|steps/)[^/]+/', pathNot: '^src/application/$1/' },
  },
  {
    name: 'domain-features-share-types-only',
    comment:
      "A feature's rules may name another feature's data (import type). They do not call its functions: " +
      'rules of two features are joined in a use case. What all need is in shared.',
    severity: 'error',
    from: { path: '^src/domain/(?!shared/)([^/]+)/' },
    to: { path: '^src/domain/(?!shared/)', pathNot: '^src/domain/$1/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'shared-domain-knows-no-feature',
    comment: 'What every feature builds on cannot build on one of them.',
    severity: 'error',
    from: { path: '^src/domain/shared/' },
    to: { path: '^src/domain/', pathNot: '^src/domain/shared/' },
  },
];

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const packages = [
  {
    name: 'only-main-knows-inversify',
    comment: 'The container is wiring: nothing outside src/main (and the tests of it) sees one.',
    severity: 'error',
    from: { pathNot: '^(src/main|test/unit/main)/' },
    to: { path: '(^|/)node_modules/(inversify|@inversifyjs)/' },
  },
  {
    name: 'not-to-dev-dep',
    comment: 'What is published needs dependencies that are installed with it.',
    severity: 'error',
    from: { path: '^(src|migrations)/' },
    to: { dependencyTypes: ['npm-dev'] },
  },
  {
    name: 'not-to-unlisted-package',
    comment: 'A package that only a dependency brought along may be gone tomorrow: name it in package.json.',
    severity: 'error',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'not-to-unresolvable',
    comment: 'What cannot be found cannot be checked.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const files = [
  {
    name: 'not-to-test',
    comment: 'What runs in production knows neither tests nor the benchmark.',
    severity: 'error',
    from: { path: '^(src|migrations)/' },
    to: { path: '^(test|bench)/' },
  },
  {
    name: 'contracts-know-ports-and-domain',
    comment: 'The contract suites are published: whoever swaps an adapter runs them on his own.',
    severity: 'error',
    from: { path: '^test/contracts/', pathNot: '\\.test\\.ts$' },
    to: {
      path: '^(src|test|bench|migrations)/',
      pathNot: '^(src/domain|src/application/ports|test/contracts)/',
    },
  },
  {
    name: 'package-entries-are-for-the-outside',
    comment: 'No barrels inside: import from the file that declares it.',
    severity: 'error',
    from: { pathNot: PACKAGE_ENTRIES },
    to: { path: PACKAGE_ENTRIES },
  },
  {
    name: 'no-circular',
    comment: 'Two files that need each other are one file, or three. Types count.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'A file that nothing imports and that imports nothing is not in use.',
    severity: 'error',
    from: { orphan: true, path: '^src/' },
    to: {},
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...layers, ...features, ...packages, ...files],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    // Without it imports of types vanish before the rules see them.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
