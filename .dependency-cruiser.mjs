/** Imports point downwards only: each layer may use those listed, and nothing else. */
const LAYERS = {
  kernel: [],
  world: ['kernel'],
  zab: ['kernel'],
  keeper: ['kernel', 'zab'],
  client: ['kernel', 'world', 'zab', 'keeper'],
  workload: ['kernel', 'zab', 'keeper', 'client'],
  checkers: ['kernel', 'world', 'zab', 'keeper', 'client'],
  faults: ['kernel', 'world', 'zab', 'keeper', 'client'],
  bugs: ['kernel', 'zab', 'keeper', 'workload', 'checkers'],
  scenario: [
    'kernel',
    'world',
    'zab',
    'keeper',
    'client',
    'workload',
    'checkers',
    'faults',
    'bugs',
  ],
  histories: ['kernel', 'zab', 'keeper', 'client', 'checkers', 'scenario'],
  demo: ['kernel', 'zab', 'keeper', 'client', 'faults', 'scenario'],
  campaign: ['kernel', 'checkers', 'scenario'],
  report: [
    'kernel',
    'zab',
    'keeper',
    'checkers',
    'faults',
    'scenario',
    'histories',
    'demo',
    'campaign',
  ],
  cli: ['kernel', 'bugs', 'checkers', 'scenario', 'histories', 'demo', 'campaign', 'report'],
};

const CORE = 'kernel|world|zab|keeper|client|workload|checkers|faults|bugs';

const forbidden = Object.entries(LAYERS).map(([layer, below]) => ({
  name: `${layer}-looks-down`,
  comment: `${layer} may import ${below.join(', ') || 'no other layer'}`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: `^src/(${[layer, ...below].join('|')})/` },
}));

forbidden.push(
  {
    name: 'no-cycles',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-platform-in-the-core',
    comment: 'everything up to a run works in a browser, and so does the reading of histories',
    severity: 'error',
    from: { path: `^src/(${CORE}|scenario|histories|demo)/` },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'core-depends-on-seedrandom-alone',
    severity: 'error',
    from: { path: `^src/(${CORE})/` },
    to: { path: 'node_modules', pathNot: 'node_modules/(@types/)?seedrandom/' },
  },
  {
    name: 'no-orphans',
    comment: 'a file that nobody imports is dead',
    severity: 'error',
    from: { orphan: true },
    to: {},
  },
);

export default {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types'] },
  },
};
