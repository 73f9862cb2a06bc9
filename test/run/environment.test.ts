import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTree, root } from '../rules/tree.ts';
import { run } from './child.mjs';
import { innerEnvironment } from './environment.mjs';
import { npmEnvironment } from './npm.mjs';

/** What a script of npm finds that is started in a project, by a person who has set things. */
const outer = {
  npm_config_user_agent: 'npm/10.8.2 node/v20.20.2 linux x64 workspaces/false',
  npm_config_node_gyp: '/outer/node-gyp.js',
  npm_config_prefix: '/outer',
  npm_config_local_prefix: '/outer/project',
  npm_config_global: 'true',
  NPM_CONFIG_IGNORE_SCRIPTS: 'true',
  npm_config_target: '30.0.0',
  npm_config_runtime: 'electron',
  npm_config_disturl: 'https://electron.example',
  npm_config_omit: 'dev',
  npm_config_workspace: 'other',
  npm_package_name: 'lockstep-secrets',
  npm_lifecycle_event: 'test',
  npm_command: 'test',
  npm_execpath: '/outer/npm-cli.js',
  npm_node_execpath: '/outer/node',
  NODE: '/outer/node',
  NODE_OPTIONS: '--require /outer/hook.js',
  NODE_ENV: 'production',
  NODE_PATH: '/outer/modules',
  INIT_CWD: '/outer/project',
  PNPM_PACKAGE_NAME: 'x',
  FORCE_NODE_VERSION: '20',
  GIT_DIR: '/outer/.git',
  GIT_INDEX_FILE: '/outer/.git/index',
  VSCODE_INSPECTOR_OPTIONS: '{}',
  ELECTRON_RUN_AS_NODE: '1',
  SOPS_AGE_KEY_FILE: '/outer/keys.txt',
  TSX_TSCONFIG_PATH: '/outer/tsconfig.json',
  PWDEBUG: '1',
};

const wanted = {
  PATH: '/bin',
  HOME: '/home/ada',
  npm_config_registry: 'https://registry.example/',
  NPM_CONFIG_REGISTRY: 'https://registry.example/',
  npm_config_https_proxy: 'http://proxy.example',
  'npm_config_strict-ssl': 'true',
  npm_config_cafile: '/etc/ca.pem',
  NPM_CONFIG_CACHE: '/var/cache/npm',
  npm_config_userconfig: '/home/ada/.npmrc',
  'npm_config_//registry.example/:_authToken': 'example',
  'npm_config_@example:registry': 'https://registry.example/',
  npm_config_nodedir: '/usr',
  HTTPS_PROXY: 'http://proxy.example',
  NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
  GIT_CONFIG_COUNT: '0',
  VSCODE_EXECUTABLE_PATH: '/usr/bin/code',
  LOCKSTEP_SOPS: '/usr/bin/sops',
  CI: 'true',
};

describe('the environment of the programs that a run starts', () => {
  it('has nothing of an outer npm, Node, git hook or VS Code', () => {
    assert.deepEqual(innerEnvironment({}, { ...outer, ...wanted }), wanted);
  });

  it('has what is added, and not what is taken out', () => {
    const added = { NODE_OPTIONS: '--no-warnings', PATH: '/usr/bin', HOME: undefined };
    assert.deepEqual(innerEnvironment(added, { PATH: '/bin', HOME: '/home/ada' }), {
      NODE_OPTIONS: '--no-warnings',
      PATH: '/usr/bin',
    });
  });

  it('is that of every program, unless it says otherwise', async () => {
    const before = process.env.npm_config_user_agent;
    process.env.npm_config_user_agent = outer.npm_config_user_agent;
    try {
      const out = await run(process.execPath, ['-p', 'JSON.stringify(process.env)']);
      assert.equal(JSON.parse(out).npm_config_user_agent, undefined);
      assert.equal(JSON.parse(out).PATH, process.env.PATH);
    } finally {
      if (before === undefined) delete process.env.npm_config_user_agent;
      else process.env.npm_config_user_agent = before;
    }
  });

  it('is made in one place', () => {
    const own = ['test/run/environment.mjs', 'test/run/environment.test.ts'];
    const files = [...readTree(['test/run'], /\.(mjs|ts)$/)].filter(([name]) => !own.includes(name));
    assert.ok(files.length > 15);
    for (const [name, text] of files) {
      assert.ok(!/\.\.\.process\.env|env: process\.env/.test(text), `${name}: innerEnvironment makes it`);
      const loads = /^import(?! type).*node:child_process|(?:require|await import)\([^)]*child_process/m.test(text);
      const starts = loads && !/^test\/run\/(child\.mjs|.*\.test\.ts)$/.test(name);
      assert.ok(!starts, `${name}: child.mjs starts programs`);
      assert.ok(!/\b(run|start)\('(npm|npx)'/.test(text) || name === 'test/run/npm.mjs', `${name}: npm.mjs starts npm`);
    }
  });
});

describe('the environment of an inner npm', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-npmrc-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('outdoes what a .npmrc may say about other projects', () => {
    const lines = ['ignore-scripts=true', 'global=true', 'omit[]=dev', 'omit[]=optional', 'dry-run=true', 'save=false'];
    lines.push('package-lock=false', 'bin-links=false', 'install-strategy=linked', 'engine-strict=true');
    const userconfig = join(folder, '.npmrc');
    writeFileSync(userconfig, `${lines.join('\n')}\nregistry=https://registry.example/\n`);
    const env = npmEnvironment({
      scripts: true,
      include: ['dev', 'optional'],
      added: { npm_config_userconfig: userconfig },
    });
    const options = { cwd: folder, env, encoding: 'utf8', shell: process.platform === 'win32' } as const;
    const { stdout, stderr } = spawnSync('npm', ['config', 'ls', '--json'], options);
    const config = JSON.parse(stdout || assert.fail(stderr));
    const { 'ignore-scripts': ignore, global, include, save, registry } = config;
    assert.deepEqual([ignore, global, include, save], [false, false, ['dev', 'optional'], true]);
    assert.deepEqual([config['dry-run'], config['package-lock'], config['bin-links']], [false, true, true]);
    assert.deepEqual([config['install-strategy'], config['engine-strict']], ['hoisted', false]);
    assert.equal(registry, 'https://registry.example/');
  });

  it('lets packages run scripts only where that is asked for', () => {
    assert.equal(npmEnvironment().npm_config_ignore_scripts, 'true');
    assert.equal(npmEnvironment().npm_config_dangerously_allow_all_scripts, undefined);
    const { npm_config_ignore_scripts: ignore, npm_config_dangerously_allow_all_scripts: all } = npmEnvironment({
      scripts: true,
    });
    assert.deepEqual([ignore, all], ['false', 'true']);
  });

  it('is that of the scripts of package.json too', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const script of ['start', 'test', 'bench', 'package', 'package:cli']) {
      assert.match(scripts[script], /^node test\/run\/\w+\.mjs/);
    }
  });
});
