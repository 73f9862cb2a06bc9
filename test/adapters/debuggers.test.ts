import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Hook, lldbCommands, wayFor } from '../../src/core/debug/adapters.ts';
import type { Configuration } from '../../src/core/debug/configuration.ts';
import { shellScript } from '../../src/core/debug/launchscript.ts';
import type { LaunchFolder } from '../../src/core/platform/launches.ts';
import { nodeLaunches } from '../../src/node/disk/launches.ts';
import { programOnPath } from '../../src/node/onpath.ts';
import { nodeShims } from '../../src/node/shims.ts';
import { builtCli } from '../cli/built.ts';
import { Lab } from '../cli/lab.ts';
import { alice } from '../core/support.ts';
import { missing, skipFor } from '../skip.ts';
import { Dap } from './dap.ts';

/** Longer than any number that a debugger prints by chance. */
const secret = 'canary-0123456789-abcdefghijklmnopqrstuvwxyz';
const length = String(secret.length);

/**
 * Real debuggers start real programs through the script that VS Code gives them, and stop at a line with the secret set. They are the programs
 * that the extensions of VS Code start, by the words that those use.
 */
describe('a real debugger', () => {
  let lab: Lab;
  let folder: LaunchFolder;
  let cli: string;
  let lockstep: string;
  const running = new Set<ChildProcess>();

  before(async () => {
    lab = new Lab();
    lab.write('.env.production', `DB=${secret}\n`);
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, '.env.production'])).code, 0);
    cli = await builtCli();
    ({ program: lockstep } = await nodeShims.install(join(lab.folder, 'bin'), cli));
  });
  beforeEach(async () => {
    folder = await nodeLaunches.make(join(lab.folder, 'launch'));
  });
  afterEach(async () => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
    await folder?.remove();
  });
  after(() => lab?.dispose());

  const program = (name: string) => programOnPath(name, process.env.PATH);
  const requireProgram = (context: Mocha.Context, name: string): string => {
    const found = process.env[`LOCKSTEP_${name.toUpperCase()}`] ?? program(name);
    skipFor(context, missing(name, found !== undefined && existsSync(found)));
    return found ?? '';
  };

  /** The launch script, and the configuration with it. */
  async function hooked(configuration: Configuration, flags: readonly string[] = []) {
    const hook = wayFor({ request: 'launch', ...configuration }, false) as Hook;
    assert.equal(hook.way, 'script');
    const words = [lockstep, 'run', ...flags, '--env-name', 'production', '--env-from', lab.folder, '--'];
    const { real, passes, file, beside } = hook;
    const path = await folder.script(file, shellScript({ env: {}, words, real, passes }));
    if (beside !== undefined) await folder.copy(beside, 'release');
    return { path, configuration: hook.put(path) };
  }
  function start(command: string, words: readonly string[], options: SpawnOptions = {}) {
    const child = spawn(command, words, { cwd: lab.folder, env: lab.env(), stdio: 'pipe', ...options });
    running.add(child);
    let text = '';
    for (const from of [child.stdout, child.stderr])
      from?.on('data', (bytes: Buffer) => {
        text += bytes;
      });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    return { child, ended, output: () => text };
  }

  it('debugpy', async function () {
    const python = requireProgram(this, 'debugpy');
    const path = lab.write('a b.py', 'import os\ndb = os.environ["DB"]\nprint(db)\n');
    const { configuration } = await hooked({
      type: 'debugpy',
      python,
      program: path,
      console: 'internalConsole',
      cwd: lab.folder,
    });
    const { child } = start(python, ['-m', 'debugpy.adapter']);
    assert.ok(child.stdout && child.stdin);
    const dap = new Dap(child.stdout, child.stdin);
    assert.deepEqual(await dap.stopAt(path, 3, configuration, ['len(db)']), [length]);
    assert.ok(!dap.log.includes(secret), 'a value in a message of the debugger');
  });

  it('Delve', async function () {
    const dlv = requireProgram(this, 'dlv');
    mkdirSync(join(lab.folder, 'go'), { recursive: true });
    lab.write('go/go.mod', 'module example/a\n\ngo 1.21\n');
    const path = lab.write(
      'go/main.go',
      'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() {\n\tdb := os.Getenv("DB")\n\tfmt.Println(db)\n}\n',
    );
    execFileSync('go', ['build', '-gcflags=all=-N -l', '-o', 'a', '.'], { cwd: dirname(path), stdio: 'pipe' });
    const { path: script } = await hooked({ type: 'go', mode: 'exec', dlvToolPath: dlv });
    const { child } = start(script, ['dap', '--listen=127.0.0.1:0', '--log-dest=3'], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const lines = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream });
    const port = await new Promise<number>((resolve) =>
      lines.on('line', (line) => {
        const found = /listening at: .*:(\d+)/.exec(line)?.[1];
        if (found) resolve(Number(found));
      }),
    );
    const socket = createConnection(port, '127.0.0.1');
    const dap = new Dap(socket, socket);
    const launch = { mode: 'exec', program: join(dirname(path), 'a'), cwd: lab.folder };
    assert.deepEqual(await dap.stopAt(path, 10, launch, ['len(db)']), [length]);
    socket.destroy();
  });

  it('Java, by the connector of JDI', async function () {
    const jdb = requireProgram(this, 'jdb');
    const javac = requireProgram(this, 'javac');
    const java = requireProgram(this, 'java');
    lab.write(
      'Main.java',
      'class Main {\n  public static void main(String[] words) {\n    String db = System.getenv("DB");\n    System.out.println(db);\n    db = null;\n  }\n}\n',
    );
    execFileSync(javac, ['-g', 'Main.java'], { cwd: lab.folder });
    const { path } = await hooked({ type: 'java', javaExec: java });
    // It starts bin/java of that folder.
    const home = dirname(dirname(path));
    const { child, ended, output } = start(jdb, [
      '-connect',
      `com.sun.jdi.CommandLineLaunch:home=${home},main=Main,options=-cp ${lab.folder}`,
    ]);
    const says = async (text: string) => {
      for (let n = 0; !output().includes(text); n++) {
        assert.ok(n < 1000, output());
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    child.stdin?.write('stop at Main:4\nstop at Main:5\nrun\n');
    await says('line=4');
    child.stdin?.write('print db.length()\n');
    await says(`db.length() = ${length}`);
    // The program stands still while its output is read: jdb drops what comes once the program has ended.
    child.stdin?.write('cont\n');
    await says('line=5');
    await says('lockstep:DB');
    child.stdin?.end('quit\n');
    await ended;
    assert.ok(!output().includes(secret));
  });

  describe('gdb', () => {
    let binary: string;
    before(function () {
      const compiler = requireProgram(this, 'gcc');
      const path = lab.write(
        'a.c',
        '#include <stdlib.h>\n#include <string.h>\n#include <stdio.h>\nint main(void) {\n  char *db = getenv("DB");\n  int n = db ? (int)strlen(db) : -1;\n  printf("%d\\n", n);\n  return n;\n}\n',
      );
      binary = join(lab.folder, 'a.out');
      execFileSync(compiler, ['-g', '-O0', '-o', binary, path]);
    });
    const asks = ['-q', '-batch', '-ex', 'break 7', '-ex', 'run', '-ex', 'print n'];

    it('by the script', async function () {
      const gdb = requireProgram(this, 'gdb');
      const { path } = await hooked({ type: 'cppdbg', MIMode: 'gdb', miDebuggerPath: gdb });
      const { ended, output } = start(path, [...asks, binary]);
      await ended;
      assert.match(output(), new RegExp(`\\$1 = ${length}`));
    });

    it('by exec-wrapper, where Lockstep becomes the program', async function () {
      const gdb = requireProgram(this, 'gdb');
      // The one that comes with VS Code.
      const node = process.env.LOCKSTEP_NODE_EXEC ?? process.execPath;
      skipFor(
        this,
        missing('Node 22.15', execFileSync(node, ['-p', 'typeof process.execve']).toString().trim() === 'function'),
      );
      const wrapper = `set exec-wrapper ${node} ${cli} run --exec --env-name production --env-from ${lab.folder} --`;
      const { ended, output } = start(gdb, ['-q', '-batch', '-ex', wrapper, ...asks.slice(2), binary]);
      await ended;
      assert.match(output(), new RegExp(`\\$1 = ${length}`), output());
    });
  });

  it('LLDB, by its pipe', async function () {
    const lldb = requireProgram(this, 'lldb');
    const binary = join(lab.folder, 'a.out');
    const values = { DB: secret, ODD: `"q" \\ \`pwd\` $HOME '` };
    const way = wayFor({ type: 'lldb-dap', program: binary }, false);
    assert.ok(way.way === 'pipe');
    const path = await folder.pipe('commands', async () => lldbCommands(values) ?? '');
    const [first = ''] = way.put(path).preRunCommands as string[];
    const odd = lab.write(
      'odd.c',
      '#include <stdlib.h>\n#include <string.h>\nint main(void) {\n  int n = (int)strlen(getenv("DB")), m = (int)strlen(getenv("ODD"));\n  return n + m;\n}\n',
    );
    execFileSync(requireProgram(this, 'gcc'), ['-g', '-O0', '-o', binary, odd]);
    const { ended, output } = start(lldb, [
      '-b',
      '-o',
      first,
      '-o',
      'breakpoint set -f odd.c -l 5',
      '-o',
      'run',
      '-o',
      'frame variable n m',
      '-o',
      'quit',
      binary,
    ]);
    await ended;
    assert.match(output(), new RegExp(`n = ${length}`), output());
    assert.match(output(), new RegExp(`m = ${values.ODD.length}`), output());
    assert.ok(!output().includes(secret));
  });
});
