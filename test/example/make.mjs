import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const source = fileURLToPath(new URL('files', import.meta.url));

const ada = { name: 'Ada Example', email: 'ada@shop.example' };
const ben = { name: 'Ben Example', email: 'ben@shop.example' };

/** Values that stand in the history and not in the files any more. */
export const oldValues = {
  STRIPE_KEY: 'sk_test_example_a0Jd5Nf3Rs',
  'database.password': 'example-prod-pw-Hb4sLx9u',
};

/** Files that stay out of git. */
const untracked = ['service-account.json'];

/**
 * The history, oldest first. A step writes its files, changed by `change` where the repository looked otherwise then;
 * the last step brings every tracked file to the state under `files/`.
 */
const history = [
  {
    author: ada,
    date: '2026-02-03T09:12:00+00:00',
    message: 'Start the order service',
    files: ['.env', '.gitignore', 'README.md', 'config/app.yaml', 'package.json', /^src\//],
    change: {
      '.env': (text) => withOldKey(text).replace(/\n# Receipts\n[\s\S]*$/, ''),
      'package.json': (text) => text.replace('"1.3.0"', '"1.0.0"'),
    },
  },
  {
    author: ben,
    date: '2026-03-02T14:40:00+00:00',
    message: 'Add the production values',
    files: ['config/secrets.production.yaml'],
    change: { 'config/secrets.production.yaml': withOldPassword },
  },
  {
    author: ada,
    date: '2026-04-21T16:05:00+00:00',
    message: 'Send receipts',
    files: ['.env', 'package.json'],
    change: { '.env': withOldKey, 'package.json': (text) => text.replace('"1.3.0"', '"1.2.0"') },
  },
  {
    author: ben,
    date: '2026-07-09T08:31:00+00:00',
    message: 'Replace the payment key',
    files: ['.env'],
  },
  {
    author: ada,
    date: '2026-10-01T10:20:00+00:00',
    message: 'Rotate the database password, release 1.3.0',
    files: [/./],
  },
];

function withOldKey(text) {
  return text.replace(/^(STRIPE_KEY=).*$/m, `$1${oldValues.STRIPE_KEY}`);
}

function withOldPassword(text) {
  return text.replace(/^( {2}password: )example-prod-pw-\S+/m, `$1${oldValues['database.password']}`);
}

/**
 * Write the example workspace into `targetDir` (made if missing, must be empty) and give it its git history. The result is
 * the same on every machine: authors, dates and line ends are fixed, and git settings of the user that could change it are
 * overridden. Needs `git` on the path.
 */
export async function makeExample(targetDir, { log = () => {} } = {}) {
  const target = resolve(targetDir);
  await mkdir(target, { recursive: true });
  if ((await readdir(target)).length > 0) throw new Error(`${target} is not empty`);

  const files = await readSources();
  const tracked = [...files.keys()].filter((path) => !untracked.includes(path));

  await git(target, ['init', '--quiet', '--template=']);
  await git(target, ['symbolic-ref', 'HEAD', 'refs/heads/main']);
  await git(target, ['config', 'core.autocrlf', 'false']);
  for (const step of history) {
    const paths = tracked.filter((path) => step.files.some((wanted) => matches(wanted, path)));
    for (const path of paths) {
      const text = files.get(path);
      await write(target, path, step.change?.[path]?.(text) ?? text);
    }
    // --force: people often ignore .env in their global settings.
    await git(target, ['add', '--force', '--', ...paths]);
    await git(target, ['commit', '--quiet', '--no-verify', '-m', step.message], step);
    log(`${step.date.slice(0, 10)} ${step.message}`);
  }
  for (const path of untracked) await write(target, path, files.get(path));
  log(`${files.size} files in ${target}`);
}

function matches(wanted, path) {
  return typeof wanted === 'string' ? wanted === path : wanted.test(path);
}

/** Path (with `/`) to text (with LF), in a fixed order. */
async function readSources() {
  const found = await readdir(source, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((item) => item.isFile())
    .map((item) =>
      relative(source, join(item.parentPath ?? item.path, item.name))
        .split(sep)
        .join('/'),
    )
    .sort();
  const texts = await Promise.all(paths.map((path) => readFile(join(source, path), 'utf8')));
  return new Map(paths.map((path, index) => [path, texts[index].replaceAll('\r\n', '\n')]));
}

async function write(target, path, text) {
  const file = join(target, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function git(target, args, { author = ada, date = history[0].date } = {}) {
  // A git hook or a rebase that runs this would pass GIT_DIR and friends on; they must not lead us elsewhere.
  const own = Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith('GIT_'));
  const settings = {
    'user.name': author.name,
    'user.email': author.email,
    'commit.gpgsign': 'false',
    'core.autocrlf': 'false',
    'core.hooksPath': '.git/no-hooks',
    'core.fsmonitor': 'false',
    'gc.auto': '0',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  await run('git', [...options, ...args], {
    cwd: target,
    env: {
      ...Object.fromEntries(own),
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    },
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const target = process.argv[2];
  if (target) {
    makeExample(target, { log: console.log }).catch((error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
  } else {
    console.error('usage: node test/example/make.mjs DIR');
    process.exitCode = 2;
  }
}
