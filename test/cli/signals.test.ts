import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endingSignals } from '../../src/node/spawn.ts';
import { alice } from '../core/support.ts';
import { describeUnless, itUnless, notLinux, windows } from '../skip.ts';
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
  const waiting = "process.stdout.write(process.pid + ' ready\\n'); setInterval(Date, 1000)";
  const clean = () => {
    assert.deepEqual(places.flatMap(holding), []);
    assert.deepEqual(
      places.flatMap((place) => readdirSync(place)),
      [],
    );
  };
  const editorOf = (script: string) => `"${process.execPath}" '${lab.write('editor.cjs', script)}'`;

  /** Those that dump core end it with the code that a shell has for them: a dump would hold everything. */
  const statusOf = (signal: NodeJS.Signals) =>
    ['SIGQUIT', 'SIGABRT', 'SIGXCPU', 'SIGSYS'].includes(signal) ? 128 + constants.signals[signal] : signal;
  const atKeyboard: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
  const known = endingSignals.filter((signal) => signal in constants.signals);

  const isGone = (pid: number) => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  };
  for (const signal of ['SIGTERM', 'SIGQUIT'] as const)
    for (const [what, variables] of [
      ['gpg that waits for a pass phrase', (program: string) => ({ SOPS_GPG_EXEC: program, SOPS_AGE_KEY: '' })],
      ['program that waits to give a key', (program: string) => ({ SOPS_AGE_KEY_CMD: program, SOPS_AGE_KEY: '' })],
    ] as const)
      it(`${signal} ends a ${what}, too`, async () => {
        const pidFile = join(lab.folder, 'pid');
        const program = lab.write(
          'waits',
          `#!/bin/sh\necho $$ > ${pidFile}.new\nmv ${pidFile}.new ${pidFile}\nexec sleep 600\n`,
        );
        chmodSync(program, 0o700);
        const name = what.startsWith('gpg') ? '../fixtures/pgp/format.enc.yaml' : undefined;
        if (name) lab.write('p.yaml', readFileSync(new URL(name, import.meta.url), 'utf8'));
        const run = startCli(cli, ['decrypt', name ? 'p.yaml' : 'a.env'], lab.folder, env(variables(program)));
        for (let i = 0; !existsSync(pidFile) && i < 500; i++) await pause(20);
        const pid = Number(readFileSync(pidFile, 'utf8'));
        assert.ok(!isGone(pid));
        run.child.kill(signal);
        await run.ended;
        for (let i = 0; !isGone(pid) && i < 100; i++) await pause(20);
        const left = !isGone(pid);
        if (left) process.kill(pid, 'SIGKILL');
        assert.ok(!left, 'it is left behind');
      });

  for (const signal of known.filter((signal) => !atKeyboard.includes(signal)))
    it(`${signal} ends edit and leaves nothing, and opens no inspector`, async () => {
      const SOPS_EDITOR = editorOf(waiting);
      const before = lab.read('a.env');
      const run = startCli(cli, ['edit', 'a.env'], lab.folder, env({ SOPS_EDITOR }));
      await run.printed('ready');
      assert.equal(places.flatMap(holding).length, 1, 'the canary is not where the editor sees it');
      run.child.kill(signal);
      assert.equal(await run.ended, statusOf(signal));
      clean();
      assert.equal(lab.read('a.env'), before);
      assert.ok(!run.output().includes('Debugger'), run.output());
      assert.ok(!readdirSync(lab.folder).some((name) => name.includes('lockstep-edit')));
    });

  itUnless(notLinux, 'opens no inspector while Node starts either', async () => {
    /** Whether a process listens on a port. */
    const listens = (pid: number) => {
      const own = readdirSync(`/proc/${pid}/fd`).map((fd) => attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`)));
      const lines = readFileSync('/proc/net/tcp', 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/));
      return lines.some(([, , , state, , , , , , inode]) => state === '0A' && own.includes(`socket:[${inode}]`));
    };
    const attempt = <T>(work: () => T) => {
      try {
        return work();
      } catch {
        return undefined;
      }
    };
    let opened = 0;
    for (const delay of [20, 40, 60, 90, 120, 160, 200, 300, 500]) {
      const child = spawn(process.execPath, ['--inspect-port=0', cli, 'edit', 'a.env'], {
        cwd: lab.folder,
        env: env({ SOPS_EDITOR: editorOf(waiting) }),
      });
      let out = '';
      const ready = new Promise<boolean>((resolve) => {
        child.stdout.on('data', (data: Buffer) => `${data}`.includes('ready') && resolve(true));
        child.once('close', () => resolve(false));
      });
      child.stderr.on('data', (data: Buffer) => {
        out += data;
      });
      const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
      await pause(delay);
      child.kill('SIGUSR1');
      if (out.includes('Debugger listening')) opened++;
      // Before Node hears signals it opens its inspector, and the run goes on; later the signal ends it.
      const how = await Promise.race([ended, ready.then(() => pause(500, 'goes on'))]);
      if (how === 'goes on') {
        assert.ok(!listens(child.pid ?? 0), `after ${delay} ms`);
        if (out.includes('Debugger listening')) opened++;
        child.kill('SIGTERM');
        assert.equal(await ended, 'SIGTERM');
      } else assert.equal(how, 'SIGUSR1');
      clean();
    }
    assert.ok(opened > 0, 'Node opened none, so nothing was closed');
  });

  /** Saves an edit, then goes on until there is a file `go`. Ctrl-C is a key like others to it, as to Vim. */
  const patient = `const fs = require('node:fs'); const path = process.argv.at(-1);
    process.on('SIGINT', () => process.stdout.write('heard\\n')); process.on('SIGQUIT', () => undefined);
    fs.appendFileSync(path, 'C=${canary}-typed\\n'); process.stdout.write('ready\\n');
    setInterval(() => fs.existsSync('go') && process.exit(0), 20)`;

  it('of the keyboard is the business of the editor', async () => {
    const SOPS_EDITOR = editorOf(patient);
    const child = spawn(process.execPath, [cli, 'edit', 'a.env'], {
      cwd: lab.folder,
      env: env({ SOPS_EDITOR }),
      detached: true,
    });
    let out = '';
    const has = (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => out.includes(text) && resolve();
        child.stdout.on('data', look);
        look();
      });
    child.stdout.on('data', (data: Buffer) => {
      out += data;
    });
    const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
    await has('ready');
    // As a terminal does it: to all that run in it.
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await has('heard');
    process.kill(child.pid ?? 0, 'SIGQUIT');
    process.kill(child.pid ?? 0, 'SIGINT');
    lab.write('go', '');
    assert.equal(await ended, 0);
    clean();
    assert.match((await lab.run(['decrypt', 'a.env'])).out, /^C=canary-8891-signals-typed$/m);
  });

  itUnless(notLinux, 'at the question about an edit keeps it', async () => {
    const SOPS_EDITOR = editorOf(`require('node:fs').appendFileSync(process.argv.at(-1), '${canary} is no line\\n')`);
    const child = spawn('script', ['-qec', `${process.execPath} ${cli} edit a.env`, '/dev/null'], {
      cwd: lab.folder,
      env: env({ SOPS_EDITOR }),
    });
    let out = '';
    const asked = (times: number) =>
      new Promise<void>((resolve) => {
        const look = () => out.split('Enter: back').length > times && resolve();
        child.stdout.on('data', look);
        look();
      });
    child.stdout.on('data', (data: Buffer) => {
      out += data;
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    await asked(1);
    child.stdin.write('x\r');
    await asked(2);
    child.stdin.write('\x03');
    await ended;
    clean();
    assert.match(out, /kept beside the file, encrypted: a\.env\.lockstep-edit/);
    assert.ok(!out.includes(canary) && !lab.read('a.env.lockstep-edit').includes(canary));
    assert.ok((await lab.run(['decrypt', 'a.env.lockstep-edit'])).out.endsWith(`${canary} is no line\n`));
  });

  it('that stops edit lets it go on later', async () => {
    const run = startCli(cli, ['edit', 'a.env'], lab.folder, env({ SOPS_EDITOR: editorOf(patient) }));
    await run.printed('ready');
    const state = () => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${run.child.pid}/status`, 'utf8'))?.[1];
    // The first stops nothing where no shell could let it go on again.
    run.child.kill('SIGTSTP');
    run.child.kill('SIGSTOP');
    if (process.platform === 'linux') while (state() !== 'T') await pause(10);
    lab.write('go', '');
    run.child.kill('SIGCONT');
    assert.equal(await run.ended, 0);
    clean();
  });

  it('does not lose what the editor has saved', async () => {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
      const before = lab.read('a.env');
      const run = startCli(cli, ['edit', 'a.env'], lab.folder, env({ SOPS_EDITOR: editorOf(patient) }));
      await run.printed('ready');
      run.child.kill(signal);
      assert.equal(await run.ended, signal);
      clean();
      assert.equal(lab.read('a.env'), before);
      assert.deepEqual(
        holding(lab.folder).filter((path) => !path.endsWith('editor.cjs')),
        [],
      );
      assert.match(run.output(), /kept beside the file, encrypted: a\.env\.lockstep-edit\n/);
      assert.match((await lab.run(['decrypt', 'a.env.lockstep-edit'])).out, /^C=canary-8891-signals-typed$/m);
      rmSync(join(lab.folder, 'a.env.lockstep-edit'));
    }
  });

  for (const signal of ['SIGKILL', 'SIGSEGV', 'SIGBUS'] as const)
    it(`${signal}, which nobody can answer, leaves nothing either`, async () => {
      for (const args of [
        ['edit', 'a.env'],
        ['exec-file', '--no-fifo', 'a.env', '--', process.execPath, '-e', waiting, '{}'],
      ]) {
        const run = startCli(cli, args, lab.folder, env({ SOPS_EDITOR: editorOf(waiting) }));
        const gone = new Promise((resolve) => run.child.once('exit', (_, by) => resolve(by)));
        await run.printed('ready');
        const [path = ''] = places.flatMap(holding);
        run.child.kill(signal);
        assert.equal(await gone, signal);
        // The program goes on; its file does not.
        try {
          const since = Date.now();
          while (existsSync(dirname(path))) {
            assert.ok(Date.now() - since < 10_000, 'the folder stays');
            await pause(10);
          }
          clean();
        } finally {
          process.kill(Number(/^(\d+) ready$/m.exec(run.output())?.[1]));
        }
        await run.ended;
      }
    });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGALRM', 'SIGXCPU'] as const) {
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
        assert.equal(await run.ended, 128 + constants.signals[signal]);
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
