import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings as ids } from '../../src/extension/ids.ts';
import { defaults, readSettings } from '../../src/extension/settings.ts';
import { fake } from '../fakes/vscode.ts';
import { root } from '../rules/tree.ts';

const { properties } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).contributes.configuration;

describe('settings', () => {
  beforeEach(() => fake.reset());

  it('have the defaults of package.json', () => {
    const read = readSettings();
    for (const [name, id] of Object.entries(ids)) {
      const key = name as keyof typeof defaults;
      assert.deepEqual(properties[id].default, defaults[key], id);
      assert.deepEqual(read[key], defaults[key], id);
    }
    read.dispose();
  });

  it('that protect cannot be changed by a workspace', () => {
    const access = [ids.accessNotify, ids.accessNotices];
    const screen = [ids.redactDebugConsole, ids.maskEncrypted, ids.maskPlain, ids.revealSeconds, ids.clipboardSeconds];
    for (const id of [...screen, ids.idleMinutes, ...access]) {
      assert.equal(properties[id].scope, 'application', id);
    }
  });

  it('are described, ordered and bounded', () => {
    const all = Object.values(properties) as {
      order: number;
      markdownDescription: string;
      type: string;
      minimum?: number;
    }[];
    assert.equal(new Set(all.map((one) => one.order)).size, all.length);
    for (const one of all) {
      assert.ok(one.markdownDescription.length > 30);
      if (one.type === 'number') assert.equal(typeof one.minimum, 'number');
    }
  });

  it('count as the most that there is when they are more', () => {
    const read = readSettings();
    for (const name of ['revealSeconds', 'clipboardSeconds', 'idleMinutes'] as const) {
      for (const more of [1e9, Number.POSITIVE_INFINITY]) {
        fake.configure(ids[name], more);
        assert.equal(read[name], properties[ids[name]].maximum, name);
      }
    }
    read.dispose();
  });

  it('count as not set when they make no sense', () => {
    const read = readSettings();
    const senseless = {
      [ids.maskPlain]: 'no',
      [ids.lensEntries]: 'some',
      [ids.revealSeconds]: 0,
      [ids.idleMinutes]: -1,
    };
    for (const [id, value] of Object.entries({ ...senseless, [ids.clipboardSeconds]: Number.NaN }))
      fake.configure(id, value);
    assert.deepEqual(
      [read.maskPlain, read.lensEntries, read.revealSeconds, read.idleMinutes, read.clipboardSeconds],
      [true, 'auto', 10, 0, 30],
    );
    read.dispose();
  });

  it('tell when one of ours changes', () => {
    const read = readSettings();
    let told = 0;
    read.onDidChange(() => told++);
    fake.configure('editor.fontSize', 12);
    assert.equal(told, 0);
    fake.configure(ids.maskPlain, false);
    assert.equal(told, 1);
    assert.equal(read.maskPlain, false);
    read.dispose();
  });
});
