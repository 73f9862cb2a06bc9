import assert from 'node:assert/strict';
import { join } from 'node:path';
import { run } from '../run/child.mjs';
import { root } from '../run/setup.mjs';

describe('npm start', () => {
  it('opens the example workspace with the extension installed', async () => {
    const out = await run(process.execPath, [join(root, 'test', 'run', 'start.mjs'), '--check'], { cwd: root });
    assert.match(out, /The workbench answered with 200 at http:\/\/127\.0\.0\.1:\d+\//);
    assert.match(out, /lockstep\.lockstep-secrets is installed/);
  });
});
