// What runs and bundles programs that import the npm package: installed into .cache/runtimes, pinned, for the stage `package`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { cache, lacks, which } from './setup.mjs';
import { installOnce } from './steps.mjs';

const platform = process.platform === 'win32' ? 'win' : process.platform;
const node = (major, version) => `node${major}@npm:node-${platform}-${process.arch}@${version}`;
const versions = [
  node(22, '22.23.3'),
  node(24, '24.21.0'),
  ...['vitest@5.1.2', 'webpack@5.113.0', 'webpack-cli@7.3.1', 'tsx@4.23.15', 'esbuild@0.28.2'],
];
const folder = join(cache, 'runtimes');

/** The folder that has them, as an environment variable of the tests. */
export async function ensureRuntimes() {
  if (which('npm') === undefined) {
    lacks('no npm on this machine for the runtimes of programs that import the package');
    return {};
  }
  await installOnce(
    folder,
    versions,
    'runtimes and bundlers: Node 22 and 24, vitest, webpack, tsx, esbuild',
    async () => {
      writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
      await npm(['i', '--ignore-scripts', '--no-audit', '--no-fund', ...versions], folder);
    },
  );
  return { LOCKSTEP_RUNTIMES: folder };
}
