// `npm run bench`: sets up what the table needs, then runs test/bench/bench.ts.
import { join } from 'node:path';
import { run } from './child.mjs';
import { ensureDependencies, findSops, root } from './setup.mjs';

await ensureDependencies();
const sops = await findSops();
if (!sops) {
  console.error(
    'The bench compares with the real sops, which is not here: put it on PATH, or install Go so that it can be built.',
  );
  process.exit(1);
}
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'esm', 'index.mjs');
process.exit(
  await run(process.execPath, ['--import', tsx, join('test', 'bench', 'bench.ts')], {
    cwd: root,
    inherit: true,
    env: { ...process.env, LOCKSTEP_SOPS: sops },
  }),
);
