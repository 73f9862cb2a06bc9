import { run } from './child.mjs';
import { innerEnvironment } from './environment.mjs';

/** What no `.npmrc` may decide for the packages of this project. */
const fixed = {
  ...{ global: false, location: 'user', dry_run: false, save: true, save_exact: true, package_lock: true },
  ...{ bin_links: true, install_strategy: 'hoisted', legacy_peer_deps: false, engine_strict: false },
  ...{ audit: false, fund: false, update_notifier: false, loglevel: 'warn' },
};

/**
 * The environment of an npm or npx: `scripts` says whether packages may run theirs, `include` names the kinds of
 * dependencies that are wanted whatever is left out elsewhere.
 * @param {{ scripts?: boolean, include?: readonly ('dev' | 'optional' | 'peer')[], added?: Readonly<Record<string, string | undefined>> }} [options]
 * @returns {Record<string, string>}
 */
export function npmEnvironment({ scripts = false, include = [], added = {} } = {}) {
  // Since version 12 npm runs only the scripts that somebody has approved, package by package; older ones do not know this.
  const allowed = scripts ? { dangerously_allow_all_scripts: true } : {};
  const settings = { ...fixed, ...allowed, ignore_scripts: !scripts };
  // An empty value counts as none; a list has an empty line between its items.
  if (include.length > 0) settings.include = include.join('\n\n');
  const named = Object.entries(settings).map(([name, value]) => [`npm_config_${name}`, String(value)]);
  return innerEnvironment({ ...Object.fromEntries(named), ...added });
}

/** Runs npm in a folder; what it printed. A failure is a Stop with the end of that. */
export const npm = (args, cwd, options) => run('npm', args, { cwd, env: npmEnvironment(options) });
