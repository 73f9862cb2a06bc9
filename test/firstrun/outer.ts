import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from '../run/child.mjs';
import { innerEnvironment } from '../run/environment.mjs';
import { npm } from '../run/npm.mjs';
import { cache } from '../run/setup.mjs';

/** A Node that a person may have, with the npm that it brings along. */
export interface Outer {
  readonly node: string;
  readonly npm: string;
}

type Environment = Record<string, string | undefined>;

/** Installs both from npm, once; the folder of their programs. */
export async function ensureOuter(outer: Outer): Promise<string> {
  const folder = join(cache, 'firstrun', `node-${outer.node}-npm-${outer.npm}`);
  const bin = join(folder, 'node_modules', '.bin');
  const stamp = join(folder, 'installed');
  if (existsSync(stamp)) return bin;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await npm(['install', `node@${outer.node}`, `npm@${outer.npm}`], folder, { scripts: true, include: ['optional'] });
  writeFileSync(stamp, '');
  return bin;
}

/**
 * What a person's shell has: this machine's way to the registry and its cache, and none of what this run was told. `home`
 * has no files of this project's.
 */
export async function personsEnvironment(bin: string, home: string): Promise<Environment> {
  const said = JSON.parse(await run('npm', ['config', 'ls', '--json'])) as Record<string, string>;
  const userconfig = join(home, '.npmrc');
  const own = said.userconfig !== undefined && existsSync(said.userconfig) ? readFileSync(said.userconfig, 'utf8') : '';
  mkdirSync(home, { recursive: true });
  writeFileSync(userconfig, own);
  const ours = Object.keys(process.env).filter((name) => /^(CI$|LOCKSTEP_)/.test(name));
  return innerEnvironment({
    ...Object.fromEntries(ours.map((name) => [name, undefined])),
    PATH: bin + delimiter + process.env.PATH,
    HOME: home,
    npm_config_cache: said.cache,
    npm_config_userconfig: userconfig,
  });
}

const nowhere = '/nowhere';

/**
 * The same on a machine on which much is set: by the npm, git hook and VS Code that the words are typed in, by what the
 * person works on otherwise, and by habits in `.npmrc` and `.gitconfig`.
 */
export function hostile(env: Environment, home: string): Environment {
  const habits = ['ignore-scripts=true', 'omit[]=dev', 'save=false', 'bin-links=false', 'legacy-peer-deps=true'];
  habits.push('engine-strict=true', 'loglevel=silent', 'install-strategy=nested', `prefix=${join(home, 'global')}`);
  const npmrc = join(home, '.npmrc');
  writeFileSync(npmrc, `${readFileSync(npmrc, 'utf8')}\n${habits.join('\n')}\n`);
  const git =
    '[commit]\n\tgpgsign = true\n[core]\n\tautocrlf = true\n\thooksPath = /nowhere\n[init]\n\tdefaultBranch = trunk\n';
  writeFileSync(join(home, '.gitconfig'), git);
  return {
    ...env,
    npm_config_user_agent: 'pnpm/9.1.0 npm/? node/v18.0.0 linux x64',
    npm_config_node_gyp: nowhere,
    npm_config_target: '30.0.0',
    npm_config_runtime: 'electron',
    npm_config_arch: 'mips',
    npm_config_disturl: 'https://electron.example',
    npm_config_build_from_source: 'false',
    npm_config_local_prefix: nowhere,
    npm_config_ignore_scripts: 'true',
    npm_config_omit: 'dev',
    npm_config_dry_run: 'true',
    npm_config_global: 'true',
    npm_config_location: 'global',
    npm_execpath: nowhere,
    npm_node_execpath: nowhere,
    npm_lifecycle_event: 'prepublish',
    NODE: nowhere,
    NODE_ENV: 'production',
    NODE_OPTIONS: '--max-old-space-size=3000 --enable-source-maps --no-deprecation',
    NODE_PATH: nowhere,
    INIT_CWD: nowhere,
    FORCE_NODE_VERSION: '18',
    GIT_DIR: join(nowhere, '.git'),
    GIT_WORK_TREE: nowhere,
    GIT_INDEX_FILE: join(nowhere, 'index'),
    VSCODE_INSPECTOR_OPTIONS: '{}',
    ELECTRON_RUN_AS_NODE: '1',
    SOPS_AGE_KEY_FILE: nowhere,
    CDPATH: '/tmp',
    FORCE_COLOR: '1',
  };
}
