import assert from 'node:assert/strict';
import { ignoresEnv, lldbCommands, wayFor, withValues } from '../../../src/core/debug/adapters.ts';
import type { Configuration } from '../../../src/core/debug/configuration.ts';

const shim = "/run/it's mine/bin/java";

function hook(configuration: Configuration, isWindows = false) {
  const way = wayFor(configuration, isWindows);
  assert.ok(way.way === 'script', JSON.stringify(way));
  return way;
}
const why = (configuration: Configuration, isWindows = false) => {
  const way = wayFor(configuration, isWindows);
  return way.way === 'none' ? way.why : way.way;
};

describe('a debugger is told to start its program through the launch script', () => {
  it('node: the runtime is the script, and what it was is its first word', () => {
    const type = 'pwa-node';
    const plain = hook({ type, request: 'launch', program: 'a.js' });
    assert.deepEqual(plain.put(shim), {
      type,
      request: 'launch',
      program: 'a.js',
      runtimeExecutable: shim,
      runtimeArgs: ['node'],
    });
    const npm = { type: 'node', runtimeExecutable: 'npm', runtimeArgs: ['run', 'a b'], attachSimplePort: 9229 };
    assert.deepEqual(hook(npm).put(shim), { ...npm, runtimeExecutable: shim, runtimeArgs: ['npm', 'run', 'a b'] });
    assert.equal(plain.real, undefined);
    // js-debug takes the version of Node from a program of these names, and asks the script for it.
    for (const name of ['node', 'deno', 'npm', 'yarn', 'pnpm', 'bun']) assert.notEqual(plain.file, name);
  });

  it('debugpy: its launcher stays the real Python', () => {
    const put = (more: object) => hook({ type: 'debugpy', ...more }).put(shim);
    assert.deepEqual(put({ python: '/usr/bin/python3' }), {
      type: 'debugpy',
      python: shim,
      debugLauncherPython: '/usr/bin/python3',
    });
    assert.deepEqual(hook({ type: 'python', pythonPath: 'py' }).put(shim), {
      type: 'python',
      python: shim,
      debugLauncherPython: 'py',
    });
    assert.deepEqual(put({ python: ['conda', 'run', 'python'] }).debugLauncherPython, ['conda', 'run', 'python']);
    assert.equal(put({ python: 'a', debugLauncherPython: 'b' }).debugLauncherPython, 'b');
    assert.deepEqual(hook({ type: 'debugpy' }).real, ['python3']);
    assert.equal(why({ type: 'debugpy', connect: { port: 1 } }), 'elsewhere');
  });

  it('Delve, with the file on which it says that it listens', () => {
    const go = hook({ type: 'go', mode: 'debug', dlvToolPath: '/go/bin/dlv' });
    assert.deepEqual([go.real, go.passes, go.put(shim).dlvToolPath], [['/go/bin/dlv'], 3, shim]);
    assert.equal(why({ type: 'go', mode: 'remote' }), 'elsewhere');
    assert.equal(why({ type: 'go', port: 1 }), 'elsewhere');
  });

  it('Java, under the name and beside the file that its debugger looks for', () => {
    const java = hook({ type: 'java', javaExec: '/opt/jdk 17/bin/java' });
    assert.deepEqual(
      [java.file, java.beside, java.real],
      ['bin/java', '/opt/jdk 17/release', ['/opt/jdk 17/bin/java']],
    );
    assert.equal(java.put(shim).javaExec, shim);
    assert.deepEqual([hook({ type: 'java' }).real, hook({ type: 'java' }).beside], [['java'], undefined]);
  });

  it('gdb, PHP and Ruby', () => {
    assert.equal(hook({ type: 'cppdbg', MIMode: 'gdb' }).put(shim).miDebuggerPath, shim);
    assert.equal(why({ type: 'cppdbg', MIMode: 'lldb' }), 'unknown');
    assert.equal(why({ type: 'cppdbg', pipeTransport: {} }), 'elsewhere');
    assert.equal(why({ type: 'cppdbg', miDebuggerServerAddress: 'a:1' }), 'elsewhere');
    assert.equal(hook({ type: 'php', program: 'a.php' }).put(shim).runtimeExecutable, shim);
    assert.equal(why({ type: 'php', port: 9003 }), 'listens');
    assert.deepEqual(hook({ type: 'rdbg', rdbgPath: '/r/rdbg' }).real, ['/r/rdbg']);
  });

  it('LLDB reads commands from a pipe, and keeps its program off the terminal', () => {
    const way = wayFor({ type: 'lldb-dap', program: 'a', preRunCommands: ['old'], runInTerminal: true }, false);
    assert.ok(way.way === 'pipe');
    const { preRunCommands, runInTerminal, console } = way.put('/run/a "b"');
    assert.deepEqual(preRunCommands, ['command source -s true "/run/a \\"b\\""', 'old']);
    assert.deepEqual([runInTerminal, console], [false, 'internalConsole']);
    const code = wayFor({ type: 'lldb', program: 'a', terminal: 'integrated' }, false);
    assert.ok(code.way === 'pipe');
    assert.equal(code.put('/p').terminal, 'console');
    assert.equal(
      lldbCommands({ A: 'x "y" \\ `z` $HOME', B: '' }),
      'settings append target.env-vars A="\\"x \\"y\\" \\\\ \\`z\\` $HOME\\""\nsettings append target.env-vars B="\\"\\""\n',
    );
    assert.equal(lldbCommands({ 'A B': 'one' }), undefined);
    assert.equal(lldbCommands({ A: 'one\ntwo' }), undefined);
  });

  it('or it is said why not', () => {
    assert.equal(why({ type: 'node', request: 'attach' }), 'attach');
    for (const type of ['dotnet', 'coreclr', 'constructor', '__proto__', '']) assert.equal(why({ type }), 'unknown');
    assert.equal(why({ type: 'go' }, true), 'windows');
    assert.equal(why({ type: 'lldb', program: 'a' }, true), 'windows');
    assert.equal(why({ type: 'node' }, true), 'script');
  });
});

describe('values in a configuration', () => {
  it('are beside the other variables, and force the debug console', () => {
    const plain = { type: 'coreclr', env: { A: '1' }, console: 'integratedTerminal' };
    assert.deepEqual(withValues(plain, { B: '2' }), {
      type: 'coreclr',
      env: { A: '1', B: '2' },
      console: 'internalConsole',
    });
    assert.deepEqual(withValues({ type: 'x', externalConsole: true, runInTerminal: true }, { B: '2' }), {
      type: 'x',
      env: { B: '2' },
      console: 'internalConsole',
      externalConsole: false,
      runInTerminal: false,
    });
    const listed = withValues({ type: 'cppvsdbg', environment: [{ name: 'A', value: '1' }] }, { B: '2' });
    assert.deepEqual(listed.environment, [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]);
    assert.ok(ignoresEnv('dotnet') && !ignoresEnv('coreclr'));
  });
});
