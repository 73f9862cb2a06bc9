import assert from 'node:assert/strict';
import { createContext, runInContext } from 'node:vm';
import * as vscodeFake from 'vscode';
import type { Platform } from '../../src/core/platform/platform.ts';
import type { Engine } from '../../src/extension/engine.ts';
import { commands } from '../../src/extension/ids.ts';
import { scriptsKey } from '../../src/extension/testing.ts';
import { ExtensionMode, fake, commands as fakeCommands, fakeContext } from '../fakes/vscode.ts';
import { engineForBrowsers } from '../rules/browser.ts';

/** A browser: VS Code, and nothing besides. */
const nothing: Platform = {
  disk: undefined,
  journals: undefined,
  accessDisk: undefined,
  agentDoors: undefined,
  git: undefined,
  gitDriver: undefined,
  keyPlaces: undefined,
  native: undefined,
  startPlugin: undefined,
  managers: undefined,
  gpg: undefined,
  keyServices: undefined,
  launches: undefined,
  shims: undefined,
  isKeyringOff: undefined,
  homeFolder: () => undefined,
  keyLabel: () => 'browser',
};

/** Of what browsers have, what the engine may need. */
const globals = () => {
  const timers = {
    // Numbers, as in a browser.
    setTimeout: (run: () => void, ms?: number) => Number(setTimeout(run, ms).unref()),
    clearTimeout: (timer?: number) => clearTimeout(timer),
    queueMicrotask,
  };
  const bytes = { Uint8Array, ArrayBuffer };
  return {
    TextEncoder,
    TextDecoder,
    crypto,
    performance,
    atob,
    btoa,
    URL,
    AbortController,
    ReadableStream,
    ...timers,
    ...bytes,
  };
};

describe('the engine in a browser', function () {
  this.timeout(60_000);

  it('starts without Node, a disk, git or key places, and answers every command', async () => {
    fake.reset();
    const { code } = await engineForBrowsers();
    const module = { exports: {} as { start(context: unknown, platform: Platform): Engine } };
    const require = (name: string) => {
      assert.equal(name, 'vscode');
      return vscodeFake;
    };
    const asked: string[] = [];
    const maker = { asked, gesture: true, input: 'me', pick: ['x25519'] };
    const scripts = { [scriptsKey]: { person: { asked, gesture: true, input: 'me', pick: 'Create' }, maker } };
    runInContext(code, createContext({ ...globals(), ...scripts, module, exports: module.exports, require }));
    const context = fakeContext(ExtensionMode.Test);
    const engine = module.exports.start(context, nothing);
    assert.ok(engine.customEditor);
    assert.deepEqual(
      fake.log.filter((line) => line.includes('could not start')),
      [],
    );
    await fakeCommands.executeCommand('lockstep._test', ...(['person'] as never[]));
    for (const id of Object.values(commands)) await engine.run(id, []);
    assert.deepEqual(fake.log, []);
    assert.ok(asked.includes('Import Key\nType or Paste It\nFrom the Clipboard\nFrom a File…'), asked.join('\n\n'));
    await fakeCommands.executeCommand('lockstep._test', ...(['maker'] as never[]));
    await engine.run(commands.createKey, []);
    asked.length = 0;
    await engine.run(commands.unlock, []);
    assert.deepEqual(asked, [], 'unlocked');
    await engine.stop();
    await engine.run(commands.unlock, []);
    assert.match(asked.join(), /^Lockstep is locked\./, 'what outlives the window is locked');
    for (const one of context.subscriptions) one.dispose();
  });
});
