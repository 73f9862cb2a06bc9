import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { agentIdentity } from '../../src/core/agent/identity.ts';
import {
  type Child,
  endingSignals,
  environmentWith,
  exitCodeOf,
  programCommand,
  shellCommand,
  startChild,
  withoutKeys,
} from '../../src/node/spawn.ts';

const node = (script: string) => startChild(process.execPath, ['-e', script], { stdio: 'ignore' });
const quiet = { platform: 'linux', interactive: false, onSignals: () => () => undefined } as const;

/** A child that is told signals, and the way to send some to this process. */
function told(interactive: boolean, platform: NodeJS.Platform = 'linux') {
  const got: string[] = [];
  let heard: readonly NodeJS.Signals[] = [];
  let send: (signal: NodeJS.Signals) => void = () => undefined;
  let stopped = 0;
  let end: (value: { code: number; signal: null }) => void = () => undefined;
  const ended = new Promise<{ code: number; signal: null }>((resolve) => {
    end = resolve;
  });
  const child: Child = { ended, kill: (signal) => void got.push(signal), release: () => undefined };
  const code = exitCodeOf(child, {
    platform,
    interactive,
    onSignals: (signals, answer) => {
      [heard, send] = [signals, answer];
      return () => void stopped++;
    },
  });
  return { got, heard: () => heard, send: (signal: NodeJS.Signals) => send(signal), end, code, stopped: () => stopped };
}

describe('a program that is started', () => {
  it('ends with its code, or 128 and the number of the signal that ended it', async () => {
    assert.equal(await exitCodeOf(node('process.exit(7)'), quiet), 7);
    assert.equal(
      await exitCodeOf(node("process.kill(process.pid, 'SIGKILL')"), quiet),
      128 + constants.signals.SIGKILL,
    );
    await assert.rejects(exitCodeOf(startChild('/nowhere/x', [], {}), quiet), { code: 'ENOENT' });
  });

  it('is told the signals that this process gets, but for those of a keyboard that it has itself', async () => {
    const piped = told(false);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) piped.send(signal);
    assert.deepEqual([piped.got, piped.heard()], [['SIGTERM', 'SIGINT'], endingSignals]);
    const shared = told(true);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'] as const) shared.send(signal);
    assert.deepEqual(shared.got, ['SIGTERM', 'SIGHUP']);
    const console = told(false, 'win32');
    console.send('SIGINT');
    assert.deepEqual([console.got, console.heard()], [[], ['SIGINT']]);
    piped.end({ code: 0, signal: null });
    assert.deepEqual([await piped.code, piped.stopped()], [0, 1]);
  });

  it('gets no variable that leads to a key', () => {
    const env = { PATH: '/bin', SOPS_AGE_KEY: 'x', sops_age_key_file: 'x', SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'x', A: '1' };
    assert.deepEqual(withoutKeys(env), { PATH: '/bin', A: '1' });
    assert.deepEqual(environmentWith({ env, platform: 'linux' }, { a: '2', SOPS_AGE_KEY: 'file' }), {
      PATH: '/bin',
      A: '1',
      a: '2',
      SOPS_AGE_KEY: 'file',
    });
    assert.deepEqual(environmentWith({ env, platform: 'win32' }, { a: '2' }), { PATH: '/bin', a: '2' });
  });

  it('leaves the age plugin to programs, and no key beside it', () => {
    const plugin = agentIdentity();
    const env = { SOPS_AGE_KEY: `AGE-SECRET-KEY-1example\n${plugin}`, SOPS_AGE_KEY_FILE: '/keys' };
    assert.deepEqual(environmentWith({ env, platform: 'linux' }, { A: '1' }), { SOPS_AGE_KEY: plugin, A: '1' });
  });

  it('is named by a line for the shell, or by its words', () => {
    const place = { platform: 'linux', cwd: '/', env: {} } as const;
    assert.deepEqual(shellCommand(place, 'a | b'), { program: '/bin/sh', args: ['-c', 'a | b'], verbatim: false });
    assert.deepEqual(programCommand(place, ['a', 'b c']), { program: 'a', args: ['b c'], verbatim: false });
    assert.equal(programCommand({ ...place, platform: 'win32', env: { PATH: '' } }, ['a']), undefined);
  });
});
