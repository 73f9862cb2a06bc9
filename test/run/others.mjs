// Other people's programs that start `sops`, or read its files: installed into .cache/others, pinned, for the stage `dropin`.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './child.mjs';
import { innerEnvironment } from './environment.mjs';
import { npm } from './npm.mjs';
import { cache, lacks, root, which } from './setup.mjs';
import { step } from './steps.mjs';

const versions = {
  python: [
    'ansible-core==2.19.14',
    'sopsy==1.3.0',
    'pydantic-settings==2.16.3',
    'pydantic-settings-sops==0.1.2',
    'pre-commit==4.7.0',
  ],
  // Of this package only the collection community.sops is kept.
  ansible: 'ansible==12.3.0',
  npm: ['sops-wrapper@1.0.0', 'husky@9.1.7', 'lefthook@1.13.6'],
  go: 'github.com/getsops/sops/v3@v3.13.3',
};
const source = join(root, 'test', 'dropin', 'reader.go.txt');
const folder = join(cache, 'others');
const places = {
  python: join(folder, 'venv', 'bin', 'python'),
  collections: join(folder, 'collections'),
  wrapper: join(folder, 'npm', 'node_modules', 'sops-wrapper'),
  reader: join(folder, 'go', 'reader'),
  // Programs that run what a repository wants before a commit.
  hooks: [join(folder, 'npm', 'node_modules', '.bin'), join(folder, 'venv', 'bin')],
};

/** Where they are, as environment variables of the tests. Undefined, with a word about it, where one cannot be had. */
export async function ensureOthers() {
  const missing = ['python3', 'go', 'npm', 'sh'].filter((name) => which(name) === undefined);
  if (process.platform === 'win32') missing.push('POSIX');
  if (missing.length > 0) {
    lacks(`no ${missing.join(', no ')} on this machine for the programs that start sops`);
    return {};
  }
  const key = createHash('sha256')
    .update(JSON.stringify([versions, process.platform, process.arch, readFileSync(source, 'utf8')]))
    .digest('hex');
  const stamp = join(folder, 'installed.json');
  if (!existsSync(stamp) || JSON.parse(readFileSync(stamp, 'utf8')).key !== key) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await step('programs that start sops: Ansible, sopsy, sops-wrapper, a reader in Go', async () => {
      await python();
      await wrapper();
      await reader();
    });
    writeFileSync(stamp, JSON.stringify({ key, ...versions }));
  }
  return {
    LOCKSTEP_PYTHON: places.python,
    LOCKSTEP_COLLECTIONS: places.collections,
    LOCKSTEP_WRAPPER: places.wrapper,
    LOCKSTEP_READER: places.reader,
    LOCKSTEP_HOOKS: places.hooks.join(delimiter),
  };
}

/** The wheel of Ansible is 54 MB with all collections. */
async function python() {
  await run('python3', ['-m', 'venv', join(folder, 'venv')]);
  const pip = (...words) => run(places.python, ['-m', 'pip', '-q', '--disable-pip-version-check', ...words]);
  await pip('install', ...versions.python);
  const wheels = join(folder, 'wheels');
  await pip('download', '--no-deps', '-d', wheels, versions.ansible);
  const unpack = [
    'import glob, sys, zipfile',
    'for path in glob.glob(sys.argv[1] + "/*.whl"):',
    '    wheel = zipfile.ZipFile(path)',
    '    wheel.extractall(sys.argv[2], [n for n in wheel.namelist() if n.startswith("ansible_collections/community/sops/")])',
  ];
  await run(places.python, ['-c', unpack.join('\n'), wheels, places.collections]);
  rmSync(wheels, { recursive: true });
}

async function wrapper() {
  mkdirSync(join(folder, 'npm'));
  writeFileSync(join(folder, 'npm', 'package.json'), '{ "private": true }\n');
  await npm(['i', '--ignore-scripts', '--no-audit', '--no-fund', ...versions.npm], join(folder, 'npm'));
}

/** A program of ours around the library of sops that others build into theirs. */
async function reader() {
  const cwd = join(folder, 'go');
  mkdirSync(cwd);
  cpSync(source, join(cwd, 'main.go'));
  const env = innerEnvironment({ GOFLAGS: '-mod=mod -p=2' });
  const go = (...words) => run('go', words, { cwd, env });
  await go('mod', 'init', 'example/reader');
  await go('mod', 'edit', `-require=${versions.go}`);
  await go('build', '-o', places.reader, '.');
}
