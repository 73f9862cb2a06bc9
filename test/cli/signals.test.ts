import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { alice } from '../core/support.ts';
import { describeUnless, windows } from '../skip.ts';
import { builtCli, startCli } from './built.ts';
import { Lab } from './lab.ts';

const canary = 'canary-8891-signals';

/** Every file below a folder that holds the canary, in any of the forms in which it may lie there. */
function holding(folder: string): string[] {
  const forms = [canary, Buffer.from(canary).toString('base64').slice(0, -4), Buffer.from(canary).toString('hex')];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) return holding(path);
    return found?.isFile() && forms.some((form) => readFileSync(path).includes(form)) ? [path] : [];
  });
}

describeUnless(windows, 'a signal', function () {
  this.timeout(60_000);
  let lab: Lab;
  let cli: string;
  let places: string[];
  before(async () => {
    cli = await builtCli();
  });
  beforeEach(async () => {
    lab = new Lab();
    places = ['runtime', 'tmp'].map((name) => join(lab.folder, name));
    for (const place of places) mkdirSync(place, { mode: 0o700 });
    lab.write('a.env', `A=1\nB=${canary}\n`);
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'a.env'])).code, 0);
  });
  afterEach(() => lab.dispose());
  after(() => rmSync(cli));

  const env = (more: Record<string, string> = {}) =>
    lab.env({ XDG_RUNTIME_DIR: places[0], TMPDIR: places[1], ...more });
  // Without braces, which would be the file's path.
  const waiting = "process.stdout.write('ready\\n'); setInterval(Date, 1000)";
  const clean = () => {
    assert.deepEqual(places.flatMap(holding), []);
    assert.deepEqual(
      places.flatMap((place) => readdirSync(place)),
      [],
    );
  };
  const editorOf = (script: string) => `"${process.execPath}" '${lab.write('editor.cjs', script)}'`;

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    it(`${signal} ends edit and leaves nothing`, async () => {
      const SOPS_EDITOR = editorOf(waiting);
      const before = lab.read('a.env');
      const run = startCli(cli, ['edit', 'a.env'], lab.folder, env({ SOPS_EDITOR }));
      await run.printed('ready');
      assert.equal(places.flatMap(holding).length, 1, 'the canary is not where the editor sees it');
      run.child.kill(signal);
      assert.equal(await run.ended, signal);
      clean();
      assert.equal(lab.read('a.env'), before);
    });

    for (const flags of [[], ['--no-fifo']]) {
      it(`${signal} goes on to the program of exec-file ${flags.join('')}`, async () => {
        const run = startCli(
          cli,
          ['exec-file', ...flags, 'a.env', '--', process.execPath, '-e', waiting, '{}'],
          lab.folder,
          env(),
        );
        await run.printed('ready');
        run.child.kill(signal);
        assert.equal(await run.ended, { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 }[signal]);
        clean();
      });
    }
  }

  it('is what the end of a pipe means', async () => {
    lab.write('long.yaml', Array.from({ length: 20_000 }, (_, i) => `key_${i}: value\n`).join(''));
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'long.yaml'])).code, 0);
    const words = `'${process.execPath}' '${cli}' decrypt long.yaml | head -c 10; echo " \${PIPESTATUS[0]}"`;
    const { stdout } = spawnSync('bash', ['-c', words], { cwd: lab.folder, env: env(), encoding: 'utf8' });
    assert.equal(stdout, 'key_0: val 141\n');
  });

  it('lets a program of exec-env end in its own way', async () => {
    const script = `process.on('SIGTERM', () => process.exit(42)); ${waiting}`;
    const run = startCli(cli, ['exec-env', 'a.env', '--', process.execPath, '-e', script], lab.folder, env());
    await run.printed('ready');
    run.child.kill('SIGTERM');
    assert.equal(await run.ended, 42);
  });

  it('is not needed to end exec-file when its pipe is gone or another file', async () => {
    for (const line of ['rm {}; exit 9', 'rm -r "$(dirname {})"; exit 9', 'rm {}; echo x > {}; cat {}; exit 9']) {
      assert.equal(await startCli(cli, ['exec-file', 'a.env', line], lab.folder, env()).ended, 9);
      clean();
    }
  });

  it('that kills the editor leaves nothing, nor does a program that kills itself', async () => {
    const SOPS_EDITOR = editorOf("process.kill(process.pid, 'SIGKILL')");
    assert.equal(await startCli(cli, ['edit', 'a.env'], lab.folder, env({ SOPS_EDITOR })).ended, 201);
    clean();
    const run = startCli(cli, ['exec-file', '--no-fifo', 'a.env', 'kill -9 $$'], lab.folder, env());
    assert.equal(await run.ended, 137);
    clean();
  });
});
