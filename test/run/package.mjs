// Makes the VSIX. Usage: node test/run/package.mjs [file]; imported, `packageExtension(file)` or `packFolder(…)`.
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeBundled } from './bundled.mjs';
import { run } from './child.mjs';
import { innerEnvironment } from './environment.mjs';
import { cache, root } from './setup.mjs';
import { step } from './steps.mjs';

const defaultFile = join(cache, 'package', 'lockstep-secrets.vsix');

/** What makes a package the same bytes everywhere: the first time that a zip can hold, in the same zone, and names in the same order. */
const reproducible = { SOURCE_DATE_EPOCH: '315532800', TZ: 'UTC', LC_ALL: 'C' };

/**
 * The extension's page, as Marketplace and VS Code show it: not the README, which is for people who have the repository. VS Code loads
 * no picture there but from the web, so it has none: what the screen looks like is drawn in text.
 */
const page = 'docs/extension.md';

/** Packages an extension's folder as it is. @param more options of vsce. */
export async function packFolder(folder, file, more = []) {
  rmSync(file, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const lenient = ['--allow-missing-repository', '--no-rewrite-relative-links', '--skip-license'];
  await run(process.execPath, [vsce, 'package', '--no-dependencies', ...lenient, ...more, '-o', file], {
    cwd: folder,
    env: innerEnvironment(reproducible),
  });
}

/**
 * Copies what vsce has to choose from: every file of the project that git does not ignore, and dist/. In place vsce
 * would walk the caches as well, which takes longer than everything else.
 */
async function copyProject(target) {
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  // Folders in there are no part of the extension.
  const built = readdirSync(join(root, 'dist'), { withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ name }) => `dist/${name}`);
  for (const name of [...listed.split('\0').filter(Boolean), ...built]) {
    if (!existsSync(join(root, name))) continue;
    cpSync(join(root, name), join(target, name), { verbatimSymlinks: true });
    // A zip holds modes, which depend on who made the checkout.
    chmodSync(join(target, name), 0o644);
  }
}

/** The bundles of the extension, and of the command line that comes with it. */
const bundles = () =>
  readdirSync(join(root, 'dist'))
    .filter((name) => /\.(js|css)$/.test(name))
    .map((name) => `dist/${name}`);

/** Builds for production and packages what .vscodeignore lets through. Returns the file's path. */
export async function packageExtension(file = defaultFile) {
  const copy = mkdtempSync(join(tmpdir(), 'lockstep-package-'));
  try {
    await step('build and package the extension', async () => {
      await run(process.execPath, ['esbuild.mjs', '--production'], { cwd: root });
      await copyProject(copy);
      await writeBundled(copy, bundles());
      await packFolder(copy, file, ['--readme-path', page]);
    });
    return file;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  packageExtension(process.argv[2]).then(console.log);
}
