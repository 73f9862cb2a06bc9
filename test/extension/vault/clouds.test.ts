import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { LockstepError } from '../../../src/core/errors.ts';
import { type NamedKeys, useOthers } from '../../../src/core/keys/others.ts';
import type { KeyServices, StopSignal } from '../../../src/core/platform/keyservices.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { serviceKinds } from '../../../src/core/sops/kinds.ts';
import type { KeyName } from '../../../src/core/sops/masterkey.ts';
import { noticeOf } from '../../../src/extension/editor/notice.ts';
import { register as encrypting } from '../../../src/extension/encrypt/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import { register as locking } from '../../../src/extension/lock/register.ts';
import { useClouds } from '../../../src/extension/vault/clouds.ts';
import { explainFile } from '../../../src/extension/why/explain.ts';
import { type FakeEditor, fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const clock = { now: () => new Date('2026-11-21T12:00:00Z') };
const arn = 'arn:aws:kms:eu-west-1:111122223333:key/one';
const vaultUri = 'https://vault.example.com:8200/v1/transit/keys/main';
const kms: KeyName = { kind: 'kms', name: arn };
const hcVault: KeyName = { kind: 'hc_vault', name: vaultUri };

describe('keys of clouds and of Vault in the editor', () => {
  let stage: Stage;
  let disposables: vscode.Disposable[];
  /** What was asked, and of whom. */
  let asked: string[];
  let named: (readonly string[])[];
  let stops: number;
  let failing: LockstepError | undefined;
  let waits: Promise<void> | undefined;
  let signal: StopSignal | undefined;

  beforeEach(async () => {
    stage = await makeStage();
    [disposables, asked, named, stops, failing, waits] = [[], [], [], 0, undefined, undefined];
    has(services);
  });
  afterEach(() => {
    for (const one of disposables) one.dispose();
    useOthers(serviceKinds, () => ({ lacks: undefined }));
    stage.end();
  });

  const keys: NamedKeys = {
    wrap: async (dataKey, { kind }) => {
      asked.push(`wrap ${kind}`);
      return Buffer.from(dataKey).toString('base64');
    },
    async unwrap({ kind, enc }) {
      asked.push(`unwrap ${kind}`);
      await waits;
      if (failing) throw failing;
      return Uint8Array.from(Buffer.from(enc, 'base64'));
    },
  };
  const services: KeyServices = {
    named: ['unix:///of/environment'],
    keys(how, now) {
      named.push(how.services);
      signal = now?.();
      return keys;
    },
    stop: () => void stops++,
  };
  const has = (keyServices: KeyServices | undefined) => {
    const platform = { ...stage.services.platform, keyServices };
    disposables.push(useClouds({ ...stage.services, platform }));
  };
  const sealedFor = async (...names: KeyName[]) => {
    has(services);
    fake.trusted = true;
    useOthers(serviceKinds, () => keys);
    const { text } = await seal('a: canary\n', 'yaml', { recipients: [], groups: [names] }, clock);
    has(services);
    asked.length = 0;
    return text;
  };
  const unlock = async (editor: FakeEditor) => {
    const feature = locking(stage.services);
    await feature.commands[commands.unlock]?.(editor.document.uri.toString());
    feature.disposable.dispose();
  };
  const encrypt = async (name: string) => {
    const feature = encrypting(stage.services);
    await feature.commands[commands.encryptFile]?.(Uri.file(join(stage.folder, name)));
  };

  it('open a file, and are asked once until a lock', async () => {
    const editor = stage.open('x.yaml', await sealedFor(kms));
    assert.equal((await stage.state(editor)).kind, 'open');
    stage.vault.renew();
    assert.equal((await stage.state(editor)).kind, 'open');
    assert.deepEqual(asked, ['unwrap kms']);
    const stopped = stops;
    stage.vault.lock();
    assert.ok(stops > stopped, 'the key service is ended');
    stage.vault.unlock();
    assert.equal((await stage.state(editor)).kind, 'open');
    assert.deepEqual(asked, ['unwrap kms', 'unwrap kms']);
  });

  it('give nothing when a lock comes while they are waited for', async () => {
    const editor = stage.open('x.yaml', await sealedFor(kms));
    let answer: () => void = () => undefined;
    waits = new Promise((resolve) => {
      answer = resolve;
    });
    const state = stage.state(editor);
    for (let n = 0; n < 1000 && asked.length === 0; n++) await new Promise((done) => setImmediate(done));
    const before = signal;
    stage.vault.lock();
    assert.equal(before?.aborted, true);
    answer();
    assert.notEqual((await state).kind, 'open');
  });

  it('are those of the user’s settings and of the environment, and of no workspace', async () => {
    fake.configure('lockstep.keyServices', ['unix:///mine', 7, '']);
    const editor = stage.open('x.yaml', await sealedFor(kms));
    await stage.state(editor);
    assert.deepEqual(named.at(-1), ['unix:///mine', 'unix:///of/environment']);
    const { properties } = JSON.parse(readFileSync('package.json', 'utf8')).contributes.configuration;
    assert.equal(properties['lockstep.keyServices'].scope, 'machine');
  });

  it('are not asked in Restricted Mode, nor where no program can be', async () => {
    const text = await sealedFor(kms);
    fake.trusted = false;
    named.length = 0;
    const editor = stage.open('x.yaml', text);
    const state = await stage.state(editor);
    assert.ok(state.kind === 'unreadable' && state.error.code === 'NO_AGE_RECIPIENT');
    assert.deepEqual([state.error.place.what, named, asked], ['trust', [], []]);
    assert.match(noticeOf(stage.uri(editor), state, false)?.text ?? '', /AWS KMS/);
    fake.trusted = true;
    has(undefined);
    stage.vault.renew();
    const bare = await stage.state(editor);
    assert.ok(bare.kind === 'unreadable' && bare.error.code === 'NO_AGE_RECIPIENT');
    assert.deepEqual([bare.error.place.what, asked], [undefined, []]);
  });

  it('that fail are not asked again before something changes', async () => {
    const editor = stage.open('x.yaml', await sealedFor(kms));
    failing = new LockstepError('KEY_SERVICE', { kind: 'kms', what: 'denied' });
    for (let n = 0; n < 2; n++) assert.equal((await stage.state(editor)).kind, 'unreadable');
    assert.deepEqual(asked, ['unwrap kms']);
    failing = undefined;
    stage.vault.tryPluginsAgain();
    assert.equal((await stage.state(editor)).kind, 'open');
  });

  it('that give another key are named with the file as what may be wrong, and asked anew after a lock', async () => {
    const editor = stage.open('x.yaml', await sealedFor(kms));
    const right = keys.unwrap;
    keys.unwrap = async () => new Uint8Array(32).fill(7);
    const state = await stage.state(editor);
    keys.unwrap = right;
    assert.ok(state.kind === 'unreadable' && state.error.code === 'KEY_SERVICE', state.kind);
    const notice = noticeOf(stage.uri(editor), state, false)?.text ?? '';
    assert.match(notice, /the key service gave for AWS KMS: .*or the file was changed/);
    assert.doesNotMatch(notice, /MAC/);
    stage.script.pick = 'Lock';
    await explainFile(stage.services, editor.document.uri.toString());
    assert.match(stage.script.asked.join(), /\$\(lock\) Lock/);
    stage.vault.lock();
    stage.vault.unlock();
    assert.equal((await stage.state(editor)).kind, 'open');
  });

  it('of Vault wait for a person, once for each address', async () => {
    const editor = stage.open('x.yaml', await sealedFor(hcVault));
    assert.equal((await stage.state(editor)).kind, 'locked');
    assert.deepEqual(asked, []);
    stage.script.gesture = false;
    await assert.rejects(unlock(editor), { code: 'KEY_SERVICE', place: { kind: 'hc_vault', what: 'unasked' } });
    assert.equal((await stage.state(editor)).kind, 'locked');
    stage.script.gesture = true;
    await unlock(editor);
    assert.equal((await stage.state(editor)).kind, 'open');
    assert.deepEqual(asked, ['unwrap hc_vault']);
    const other = { ...hcVault, name: vaultUri.replace('vault.', 'vault2.') };
    const second = stage.open('y.yaml', await sealedFor(other));
    assert.equal((await stage.state(second)).kind, 'locked');
    assert.deepEqual(asked, []);
  });

  it('are encrypted for by a rule, and what is missing is said before', async () => {
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: .\n    kms: ${arn}\n`);
    stage.rules.forget();
    stage.write('new.yaml', 'a: canary\n');
    stage.script.confirm = true;
    await encrypt('new.yaml');
    assert.deepEqual(asked.slice(0, 1), ['wrap kms']);
    assert.match(readFileSync(join(stage.folder, 'new.yaml'), 'utf8'), /ENC\[.*[\s\S]*arn: arn:aws/);
    has({ ...services, keys: () => ({ lacks: 'program' }) });
    stage.write('none.yaml', 'a: canary\n');
    stage.script.asked = [];
    await encrypt('none.yaml');
    assert.match(JSON.stringify(stage.script.asked), /“sops” 3\.9 or newer for AWS KMS, or a key service/);
    assert.equal(stage.script.asked.length, 1);
    assert.equal(readFileSync(join(stage.folder, 'none.yaml'), 'utf8'), 'a: canary\n');
  });
});
