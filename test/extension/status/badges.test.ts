import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { Disk } from '../../../src/core/platform/disk.ts';
import type { Services } from '../../../src/extension/services.ts';
import { showBadges } from '../../../src/extension/status/badges.ts';
import { Survey } from '../../../src/extension/survey/survey.ts';
import { nodePlatform } from '../../../src/node/platform.ts';
import { type FileDecoration, fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('badges of files', () => {
  let stage: Stage;
  let survey: Survey;
  let shown: vscode.Disposable;
  let reads: string[];
  let atOnce: number;
  let most: number;
  /** What the test does with a read before it goes on. */
  let before: () => Promise<void>;
  const live = { isCancellationRequested: false };
  const uri = (name: string) => Uri.file(join(stage.folder, name));
  const provider = () =>
    fake.providers.find(({ kind }) => kind === 'fileDecoration')?.provider as {
      provideFileDecoration(uri: Uri, token: object): Promise<FileDecoration | undefined>;
      onDidChangeFileDecorations(listener: (uris: Uri[] | undefined) => void): void;
    };
  const badge = async (name: string, token: object = live) =>
    (await provider().provideFileDecoration(uri(name), token))?.badge;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  beforeEach(async () => {
    stage = await makeStage();
    [reads, atOnce, most] = [[], 0, 0];
    before = async () => undefined;
    const disk = new Proxy(nodePlatform.disk as Disk, {
      get: (real, name) =>
        name !== 'read'
          ? Reflect.get(real, name)
          : async (path: string, limit?: number) => {
              assert.ok(limit !== undefined && limit <= 1024 * 1024, 'a bound');
              reads.push(path);
              most = Math.max(most, ++atOnce);
              await before();
              atOnce--;
              return real.read(path, limit);
            },
    });
    const platform = { ...nodePlatform, disk };
    survey = new Survey(platform, stage.sessions, stage.rules);
    shown = showBadges({ ...stage.services, platform, survey } as Services);
  });
  afterEach(() => {
    shown.dispose();
    survey.dispose();
    stage.end();
  });

  it('say what is encrypted, plain though it should not be, and damaged', async () => {
    const sealed = await stage.sealed('a: canary\n', 'yaml');
    for (const [name, text, wanted] of [
      ['a.yaml', sealed, 'E'],
      ['a.json.enc', await stage.sealed('{"a": 1}', 'json'), 'E'],
      ['.env', 'A=canary\n', '!'],
      ['secrets.json', '{"a": "canary"}', '!'],
      ['tls.pem', '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n', '!'],
      ['left.yaml', sealed.slice(0, sealed.indexOf('sops:')), '✕'],
      ['package.json', '{"a": "b"}', undefined],
      ['.env.example', 'A=b\n', undefined],
      ['readme.md', 'a', undefined],
      ['node_modules/x/.env', 'A=canary\n', undefined],
      ['.sops.yaml', 'creation_rules: []\n', undefined],
      ['folder.yaml/x.ts', '', undefined],
    ] as const) {
      stage.write(name, text);
      assert.equal(await badge(name), wanted, name);
    }
    assert.equal(await badge('folder.yaml'), undefined);
    for (const name of ['readme.md', 'node_modules/x/.env', '.sops.yaml'])
      assert.ok(!reads.includes(uri(name).fsPath), `${name} is not read`);
    await pause(300);
    const [, , known] =
      fake.executed.findLast(([id, key]) => id === 'setContext' && key === 'lockstep.encryptedFiles') ?? [];
    assert.deepEqual(
      Object.keys(known as object).sort(),
      ['a.json.enc', 'a.yaml', 'left.yaml'].map((name) => uri(name).fsPath),
    );
  });

  it('are looked up once, until the file, a rule or its session changes', async () => {
    const told: (Uri[] | undefined)[] = [];
    provider().onDidChangeFileDecorations((uris) => told.push(uris));
    stage.write('a.yaml', 'a: canary\n');
    assert.equal(await badge('a.yaml'), undefined);
    assert.equal(await badge('a.yaml'), undefined);
    assert.equal(reads.length, 1);
    const sealed = await stage.sealed('a: canary\n', 'yaml');
    writeFileSync(uri('a.yaml').fsPath, sealed);
    fake.events.files.fire(uri('a.yaml'));
    await pause(150);
    assert.deepEqual(told.map(String), [String(uri('a.yaml'))]);
    assert.equal(await badge('a.yaml'), 'E');
    stage.rules.forget();
    assert.equal(told.at(-1), undefined, 'all');
    assert.equal(await badge('a.yaml'), 'E');
    const editor = stage.open('a.yaml', sealed.replace(/^a: .*\n/m, ''));
    assert.equal((await stage.state(editor)).kind, 'damaged');
    assert.equal(await badge('a.yaml'), '✕', 'what an editor knows counts');
    assert.equal(reads.length, 3);
  });

  it('of ten thousand files read two at a time, and nothing for an explorer that went on', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `n${i % 100}/v${i}.yaml`);
    for (const name of names.slice(0, 200)) stage.write(name, 'a: b\n');
    const token = { isCancellationRequested: false };
    const all = names.map((name) => badge(name, token));
    before = async () => void (await pause(0));
    while (reads.length < 150) await pause(1);
    token.isCancellationRequested = true;
    await Promise.all(all);
    assert.ok(most <= 2, `${most} at once`);
    assert.ok(reads.length < 300, `${reads.length} were read`);
    const read = reads.length;
    for (const name of names.slice(0, 100)) await badge(name);
    assert.equal(reads.length, read, 'what is known is not read again');
  });
});
