import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type PluginPerson, usePlugins } from '../../src/core/age/plugin/port.ts';
import { PrivateKey } from '../../src/core/age/private/privatekey.ts';
import { wrapKey } from '../../src/core/age/wrap.ts';
import { startPlugin } from '../../src/node/keys/plugin.ts';
import { pluginKey } from '../core/age/plugin/key.ts';
import { installPlugin } from '../fakes/plugin/install.ts';
import { skipFor, windows } from '../skip.ts';

describe('an age plugin', () => {
  const ada = pluginKey('ada');
  const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
  let folder: string;
  let PATH: string;
  let log: string;
  /** What was told and asked. */
  let heard: string[];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-plugin-'));
    PATH = installPlugin(join(folder, 'bin'));
    log = join(folder, 'log');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    heard = [];
    rmSync(log, { force: true });
  });

  const person = (answers: { confirm?: boolean; ask?: string }): PluginPerson => ({
    tell: (plugin, text) => heard.push(`${plugin}: ${text}`) > 0,
    confirm: async (plugin, text, yes, no) => {
      heard.push(`${plugin}? ${text} (${yes}, ${no})`);
      return answers.confirm;
    },
    ask: async (plugin, text, secret) => {
      heard.push(`${plugin}? ${text}${secret ? ' (secret)' : ''}`);
      return answers.ask;
    },
  });
  /** The plugin behaves in this way from now on. */
  const behaves = (how: string, answers: { confirm?: boolean; ask?: string } = {}, silence?: number) =>
    usePlugins({
      start: (plugin, machine) => {
        const env = { ...process.env, PATH, FAKE_PLUGIN: how, FAKE_PLUGIN_LOG: log, SOPS_AGE_KEY: 'canary' };
        return startPlugin({ env, platform: process.platform, home: homedir() }, plugin, machine, silence);
      },
      person: person(answers),
    });
  const unwrap = (enc: string, key = ada) => PrivateKey.of(key.identity).unwrap(enc);
  const wrapped = () => {
    behaves('');
    return wrapKey(dataKey, ada.recipient);
  };
  const logged = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');

  it('wraps a data key for its recipient and unwraps it for its identity', async () => {
    const enc = await wrapped();
    assert.deepEqual(await unwrap(enc), dataKey);
    assert.deepEqual(heard, []);
  });

  it('says "not mine" for another identity, and for a file of another kind of key', async () => {
    assert.equal(await unwrap(await wrapped(), pluginKey('bob')), undefined);
    const other = await PrivateKey.generate().recipient();
    assert.equal(await unwrap(await wrapKey(dataKey, other)), undefined);
  });

  it('is given no key in its arguments or its environment, and does not run where somebody works', async () => {
    await unwrap(await wrapped());
    const starts = logged()
      .split('\n')
      .filter((line) => line.includes('"argv"'))
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      starts.map(({ argv }) => argv),
      [['--age-plugin=recipient-v1'], ['--age-plugin=identity-v1']],
    );
    for (const { env, cwd } of starts) {
      assert.ok(!env.includes('SOPS_AGE_KEY'), env.join());
      assert.equal(cwd, homedir());
    }
  });

  it('gets answers of a person: a message, a PIN, a name, a choice', async () => {
    const enc = await wrapped();
    for (const [how, answers, words] of [
      ['msg', {}, 'fake: touch \u001b[31mme'],
      ['pin', { ask: '4711' }, 'fake? PIN of the token (secret)'],
      ['name', { ask: 'token one' }, 'fake? Name of the token'],
      ['confirm', { confirm: true }, 'fake? Plug in the token (Plugged in, Skip it)'],
    ] as const) {
      heard = [];
      behaves(how, answers);
      assert.deepEqual(await unwrap(enc), dataKey, how);
      assert.deepEqual(heard, [words]);
    }
  });

  it('is told when nobody answers, and its own words reach the person, not the error', async () => {
    const enc = await wrapped();
    for (const [how, answers] of [
      ['pin', {}],
      ['pin', { ask: '0000' }],
      ['confirm', { confirm: false }],
      ['confirm', {}],
      ['error', {}],
    ] as const) {
      heard = [];
      behaves(how, answers);
      await assert.rejects(unwrap(enc), (error: Error & { code: string; place: { what: string; plugin: string } }) => {
        assert.deepEqual([error.code, error.place.what, error.place.plugin], ['PLUGIN', 'error', 'fake']);
        assert.ok(!error.message.includes('token'));
        return true;
      });
      assert.equal(heard.at(-1), 'fake: the token is not there');
    }
    behaves('error');
    await assert.rejects(wrapKey(dataKey, ada.recipient), { code: 'PLUGIN', place: { what: 'error', plugin: 'fake' } });
  });

  it('may send what nobody knows, which is answered as such', async () => {
    const enc = await wrapped();
    behaves('grease');
    assert.deepEqual(await unwrap(enc), dataKey);
    await wrapKey(dataKey, ada.recipient);
  });

  it('is refused when it breaks the protocol, ends early or says nothing', async () => {
    const enc = await wrapped();
    for (const [how, what] of [
      ['junk', 'protocol'],
      ['base64', 'protocol'],
      ['endless', 'protocol'],
      ['chatty', 'protocol'],
      ['index', 'protocol'],
      ['twice', 'protocol'],
      ['crash', 'ended'],
      ['silent', 'silent'],
    ] as const) {
      behaves(how, {}, how === 'silent' ? 400 : undefined);
      const fault = { code: 'PLUGIN', place: { what, plugin: 'fake' } };
      await assert.rejects(unwrap(enc), fault, `unwrapping: ${how}`);
      await assert.rejects(wrapKey(dataKey, ada.recipient), fault, `wrapping: ${how}`);
    }
    behaves('short');
    await assert.rejects(unwrap(enc), { code: 'PLUGIN', place: { what: 'protocol', plugin: 'fake' } });
  });

  it('is not found where it is not installed, nor in a folder that PATH names from where somebody works', async () => {
    const enc = await wrapped();
    const relative = { ...process.env, PATH: ['bin', '.', ''].join(delimiter) };
    usePlugins({
      start: (plugin, machine) =>
        startPlugin({ env: relative, platform: process.platform, home: folder }, plugin, machine),
      person: person({}),
    });
    await assert.rejects(unwrap(enc), { code: 'PLUGIN', place: { what: 'missing', plugin: 'fake' } });
    await assert.rejects(wrapKey(dataKey, ada.recipient), { place: { what: 'missing', plugin: 'fake' } });
  });

  it('is not started when the file in its place is no program', async function () {
    skipFor(this, windows);
    const bin = join(folder, 'other');
    installPlugin(bin, 'real');
    writeFileSync(join(bin, 'age-plugin-fake'), '#!/bin/sh\n', { mode: 0o644 });
    const env = { ...process.env, PATH: bin };
    assert.equal(
      await startPlugin({ env, platform: process.platform, home: folder }, 'fake', 'identity-v1'),
      undefined,
    );
    // Neither is one that cannot be run by this machine.
    writeFileSync(join(bin, 'age-plugin-none'), '#!/nowhere/interpreter\n', { mode: 0o755 });
    assert.equal(
      await startPlugin({ env, platform: process.platform, home: folder }, 'none', 'identity-v1'),
      undefined,
    );
  });
});
