// `npm run bench [-- start run writing many memory activation]`: sets up what the table needs, then runs test/bench/bench.ts, bundled as the extension is.
import { join } from 'node:path';
import { run } from './child.mjs';
import { innerEnvironment } from './environment.mjs';
import { packageExtension } from './package.mjs';
import { cache, ensureDependencies, root } from './setup.mjs';
import { findSops } from './tools.mjs';

await ensureDependencies();
const sops = await findSops();
if (!sops) {
  console.error('The bench compares with the real sops: put it on PATH, or install Go so that it can be built.');
  process.exit(1);
}
const vsix = await packageExtension(join(cache, 'bench', 'lockstep-secrets.vsix'));
const outfile = join(cache, 'bench', 'bench.cjs');
const { build } = await import('esbuild');
await build({
  entryPoints: [join(root, 'test', 'bench', 'bench.ts')],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  mainFields: ['module', 'main'],
  outfile,
  external: ['bun:*'],
  logLevel: 'error',
});
process.exit(
  await run(process.execPath, [outfile, ...process.argv.slice(2)], {
    cwd: root,
    inherit: true,
    env: innerEnvironment({ LOCKSTEP_SOPS: sops, LOCKSTEP_VSIX: vsix }),
  }),
);
