import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../run/child.mjs';
import { describeUnless, windows } from '../skip.ts';
import { cloneProject } from './clone.ts';
import { ensureOuter, hostile, type Outer, personsEnvironment } from './outer.ts';

/** The lines of Node that package.json allows and people have, with the npm that comes with each; the last with the newest. */
const outers: readonly (Outer & { hostile?: true })[] = [
  { node: '20.20.2', npm: '10.8.2' },
  { node: '22.23.3', npm: '10.9.4', hostile: true },
  { node: '24.21.0', npm: '12.2.1' },
];

describeUnless(windows, 'two commands on a bare machine', () => {
  for (const outer of outers) {
    const where = `Node ${outer.node}, npm ${outer.npm}${outer.hostile ? ', where much is set' : ''}`;
    describe(where, () => {
      let folder = '';
      let env: Record<string, string | undefined> = {};
      before(async () => {
        folder = mkdtempSync(join(tmpdir(), 'lockstep-firstrun-'));
        const home = join(folder, 'home');
        const person = await personsEnvironment(await ensureOuter(outer), home);
        await cloneProject(join(folder, 'lockstep'));
        env = outer.hostile ? hostile(person, home) : person;
      });
      after(() => rmSync(folder, { recursive: true, force: true }));

      const words = (...args: string[]) => run('npm', args, { cwd: join(folder, 'lockstep'), env });

      it('is outside', async () => {
        assert.equal((await run('node', ['--version'], { env })).trim(), `v${outer.node}`);
        assert.equal((await run('npm', ['--version'], { env })).trim(), outer.npm);
      });

      it('npm start -- --check', async () => {
        const out = await words('start', '--', '--check');
        assert.match(out, /The workbench answered with 200 at http:\/\/127\.0\.0\.1:\d+\//);
        assert.match(out, /lockstep\.lockstep-secrets is installed/);
        const server = join(folder, 'lockstep', '.cache', 'vscode', 'node_modules', 'code-server', 'lib', 'vscode');
        assert.ok(existsSync(join(server, 'node_modules')), 'the server came from somewhere else');
      });

      it('npm test -- --only rules', async () => {
        const out = await words('test', '--', '--only', 'rules');
        assert.match(out, /^\d\d+ passed, 0 failed, 0 skipped$/m);
      });
    });
  }
});
