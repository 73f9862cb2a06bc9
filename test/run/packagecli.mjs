// Makes the npm package of the command line. Usage: node test/run/packagecli.mjs [folder]; imported, `packageCli(folder)`.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bomName, noticesName, writeBundled } from './bundled.mjs';
import { run } from './child.mjs';
import { npm } from './npm.mjs';
import { cache, root } from './setup.mjs';
import { step } from './steps.mjs';

/** The files of the command line. */
const programs = ({ lockstep }) => [
  lockstep,
  ...['main', 'often', 'late', 'keyservice'].map((part) => lockstep.replace(/\.js$/, `-${part}.js`)),
];

/** What programs import, as it is built, and what is beside it as it is written. */
const library = ['index', 'config', 'engine', 'late', 'keyservice'].map((name) => `dist/npm/${name}.js`);
const written = {
  'index.mjs': 'index.mjs',
  'declared.d.ts': 'index.d.ts',
  'config.mjs': 'config.mjs',
  'config.d.ts': 'config.d.ts',
};
const exported = (name) => ({
  // A page in a browser must not have it.
  browser: null,
  types: `./dist/npm/${name}.d.ts`,
  import: `./dist/npm/${name}.mjs`,
  require: `./dist/npm/${name}.js`,
});

/** Of package.json, what a command line has; everything that it needs is in its files, so it depends on nothing. */
function manifest() {
  const { name, version, license, bin, engines, keywords } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return {
    ...{ name, version, license, keywords, bin },
    description: 'SOPS files with age keys on the command line, with the verbs of sops; getSecret(name) for programs.',
    engines: { node: engines.node },
    exports: { '.': exported('index'), './config': exported('config'), './package.json': './package.json' },
    main: './dist/npm/index.js',
    types: './dist/npm/index.d.ts',
    files: [...programs(bin), 'dist/npm', 'CHANGELOG.md', bomName, noticesName],
  };
}

const folders = ['dist', join('dist', 'npm')];
const modeOf = (name, { bin }) => (folders.includes(name) || name === join(bin.lockstep) ? 0o755 : 0o644);

/** Builds for production and packs. Returns the path of the .tgz. */
export async function packageCli(folder = join(cache, 'package')) {
  const stage = mkdtempSync(join(tmpdir(), 'lockstep-cli-package-'));
  try {
    return await step('build and package the command line', async () => {
      await run(process.execPath, ['esbuild.mjs', '--production'], { cwd: root });
      const own = manifest();
      writeFileSync(join(stage, 'package.json'), JSON.stringify(own, undefined, 2));
      mkdirSync(join(stage, 'dist', 'npm'), { recursive: true });
      const bundles = [...programs(own.bin), ...library];
      for (const name of bundles) cpSync(join(root, name), join(stage, name));
      for (const [from, to] of Object.entries(written))
        cpSync(join(root, 'src', 'npm', from), join(stage, 'dist', 'npm', to));
      for (const name of ['LICENSE', 'CHANGELOG.md']) cpSync(join(root, name), join(stage, name));
      cpSync(join(root, 'docs', 'cli.md'), join(stage, 'README.md'));
      await writeBundled(stage, bundles);
      // npm keeps modes, which depend on who made the checkout.
      for (const name of readdirSync(stage, { recursive: true })) chmodSync(join(stage, name), modeOf(name, own));
      mkdirSync(folder, { recursive: true });
      const out = await npm(['pack', '--json', '--pack-destination', folder], stage);
      return join(folder, JSON.parse(out)[0].filename);
    });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  packageCli(process.argv[2] && resolve(process.argv[2])).then(console.log);
}
