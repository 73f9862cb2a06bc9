// The stages of `npm test`, in order. Tests are found by these patterns and listed nowhere else; a rule test checks
// that every test file belongs to exactly one stage.
import { globSync } from './glob.mjs';

/** The kinds of tests that take long, by the ends of their names: cases from a generator, hostile input, slow work (megabytes, pass phrases). */
const byChance = /[/.](property|hostile|slow)\.test\.ts$/;

/** `needs`: what has to be there first. `each`: print a line for each test. `timeout`: of a test. `retries`: how often a test that fails is tried again, each one told: a workbench under load drops a click now and then. Tests that look for leaks are never tried again (test/e2e/leaksuite.ts). `asked`: runs only when it is named, or when this variable is 1. `not`, `only`: of the files. `jobs`: how many processes share them; `first`: those of them that take longest. */
/**
 * @typedef {{ name: string, files?: string[], needs?: string[], each?: boolean, timeout?: number, retries?: number, asked?: string, not?: RegExp, only?: RegExp, jobs?: number, first?: RegExp }} Stage
 * @type {readonly Stage[]}
 */
export const stages = [
  { name: 'check' },
  { name: 'rules', files: ['test/rules'] },
  { name: 'core', files: ['test/core'], not: byChance, jobs: 2 },
  { name: 'chance', files: ['test/core'], only: byChance, jobs: 2 },
  {
    name: 'process',
    files: ['test/node', 'test/cli', 'test/npm', 'test/protocol', 'test/example'],
    jobs: 2,
    first: /crash|killed/,
  },
  { name: 'runner', files: ['test/run'] },
  { name: 'fuzz', files: ['test/fuzz'] },
  { name: 'interop', files: ['test/interop'], needs: ['tools', 'aws'], timeout: 180_000, jobs: 2 },
  // Other people's programs, with the command line in the place of sops.
  { name: 'dropin', files: ['test/dropin'], needs: ['tools', 'others', 'aws'], timeout: 120_000, jobs: 2 },
  // The recipes of docs/code.md: the languages and platforms themselves, with the command line from its npm package.
  { name: 'recipes', files: ['test/recipes'], needs: ['tools', 'others', 'recipes'], timeout: 120_000 },
  { name: 'extension', files: ['test/extension', 'test/fakes'], jobs: 2 },
  { name: 'webview', files: ['test/webview'], needs: ['build', 'browser'], timeout: 60_000, jobs: 2 },
  { name: 'package', files: ['test/package'], needs: ['vsix', 'runtimes'], timeout: 120_000 },
  { name: 'host', files: ['test/host'], needs: ['build', 'host'], jobs: 2, first: /encrypt|tabs/ },
  {
    name: 'e2e',
    files: ['test/e2e'],
    needs: ['tools', 'vsix', 'server', 'installed', 'browser'],
    each: true,
    timeout: 400_000,
    retries: 1,
    jobs: 2,
  },
  // Takes protections out, one after the other, to see that the leak tests notice: minutes, and only when it is asked for, as CI does.
  {
    name: 'mutants',
    files: ['test/mutants'],
    needs: ['vsix', 'server', 'installed', 'browser'],
    each: true,
    timeout: 300_000,
    asked: 'LOCKSTEP_MUTANTS',
  },
  // Real debuggers: a minute, and more to install them.
  {
    name: 'adapters',
    files: ['test/adapters'],
    needs: ['debuggers'],
    each: true,
    timeout: 120_000,
    asked: 'LOCKSTEP_ADAPTERS',
  },
  // The words of the README, in clones that have nothing yet, under other Nodes than this one: minutes too.
  { name: 'firstrun', files: ['test/firstrun'], each: true, timeout: 1_800_000, asked: 'LOCKSTEP_FIRSTRUN' },
];

/**
 * The test files of a stage, relative to the root, sorted.
 * @param {Stage} stage
 * @returns {string[]}
 */
export const filesOf = ({ files = [], only = /./, not = /^$/ }) =>
  files.flatMap((folder) => globSync(folder, '.test.ts').filter((file) => only.test(file) && !not.test(file))).sort();
