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
  ...['main', 'late', 'keyservice'].map((part) => lockstep.replace(/\.js$/, `-${part}.js`)),
];

/** Of package.json, what a command line has; everything that it needs is in its files, so it depends on nothing. */
function manifest() {
  const { name, version, license, bin, engines, keywords } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return {
    ...{ name, version, license, keywords, bin },
    description: 'SOPS files with age keys on the command line, with the verbs of sops.',
    engines: { node: engines.node },
    files: [...programs(bin), 'CHANGELOG.md', bomName, noticesName],
  };
}

const modeOf = (name, { bin }) => (name === 'dist' || name === join(bin.lockstep) ? 0o755 : 0o644);

/** Builds for production and packs. Returns the path of the .tgz. */
export async function packageCli(folder = join(cache, 'package')) {
  const stage = mkdtempSync(join(tmpdir(), 'lockstep-cli-package-'));
  try {
    return await step('build and package the command line', async () => {
      await run(process.execPath, ['esbuild.mjs', '--production'], { cwd: root });
      const own = manifest();
      writeFileSync(join(stage, 'package.json'), JSON.stringify(own, undefined, 2));
      mkdirSync(join(stage, 'dist'));
      for (const name of programs(own.bin)) cpSync(join(root, name), join(stage, name));
      for (const name of ['LICENSE', 'CHANGELOG.md']) cpSync(join(root, name), join(stage, name));
      cpSync(join(root, 'docs', 'cli.md'), join(stage, 'README.md'));
      await writeBundled(stage, programs(own.bin));
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
