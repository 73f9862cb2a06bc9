import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sealBytes } from '../../../src/core/seal/seal.ts';
import { register } from '../../../src/extension/editor/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import { fake } from '../../fakes/vscode.ts';
import { type Custom, Desk } from './desk.ts';

const old = Uint8Array.of(0, 1, 2, 255);
const next = Uint8Array.of(9, 254, 0);

describe('binary files in the Secrets Editor', () => {
  let desk: Desk;
  let custom: Custom;
  beforeEach(async () => {
    desk = await Desk.make();
    const { services, recipient } = desk.stage;
    desk.stage.write('cert.p12', (await sealBytes(old, 'binary', { recipients: [recipient] }, services.clock)).text);
    desk.stage.write('next.p12', next);
    custom = await desk.open('cert.p12');
    desk.stage.script.openFile = desk.at('next.p12');
    desk.stage.script.saveFile = desk.at('copy.p12');
  });
  afterEach(() => desk.end());

  const script = () => desk.stage.script;
  const asked = () => script().asked.join('\n');
  const bytes = async () => {
    const copied: string[] = [];
    Object.assign(desk.stage.services.clipboard, { copy: async (text: string) => void copied.push(text) });
    await custom.page.ask('copy', { row: custom.page.rows[0]!.id });
    return [...Buffer.from(copied[0] ?? '', 'base64')];
  };

  it('take the bytes of another file, as one step that can be undone', async () => {
    const before = custom.document.text;
    const done = await custom.page.ask('replaceFromFile', {});
    assert.ok(done && done.revision > 0);
    assert.deepEqual([await bytes(), custom.edits.length, custom.dirty], [[...next], 1, true]);
    assert.equal(desk.read('cert.p12'), before, 'saving is the person’s');
    assert.match(asked(), /cert\.p12 now holds the bytes of next\.p12\. Save to keep them/);
    await custom.undo();
    assert.deepEqual([await bytes(), custom.document.text], [[...old], before]);
  });

  it('stay as they are when no file is chosen, it is the encrypted one, too large, gone, or empty without a yes', async () => {
    const before = custom.document.text;
    const refused = async (path: string | undefined, code: string) => {
      Object.assign(script(), { openFile: path });
      assert.equal((await custom.page.refused('replaceFromFile', {})).code, code);
    };
    Object.assign(script(), { openFile: undefined });
    assert.equal(await custom.page.ask('replaceFromFile', {}), null);
    await refused(desk.at('cert.p12'), 'ALREADY_ENCRYPTED');
    desk.stage.write('other.yaml', await desk.stage.sealed('a: b\n', 'yaml'));
    await refused(desk.at('other.yaml'), 'ALREADY_ENCRYPTED');
    desk.stage.write('large', new Uint8Array(45 * 1024 * 1024));
    await refused(desk.at('large'), 'TOO_LARGE');
    await refused(desk.at('none'), 'GONE');
    await refused(desk.stage.folder, 'NOT_A_FILE');
    desk.stage.write('empty', '');
    script().openFile = desk.at('empty');
    assert.equal(await custom.page.ask('replaceFromFile', {}), null);
    assert.match(asked(), /empty is empty/);
    assert.deepEqual([custom.document.text, custom.edits.length], [before, 0]);
    script().confirm = true;
    assert.ok(await custom.page.ask('replaceFromFile', {}));
    assert.deepEqual(await bytes(), []);
  });

  it('are written as plaintext after a question, to a new file that only its owner can read', async () => {
    script().gesture = false;
    await custom.page.ask('saveCopy', {});
    assert.ok(!existsSync(desk.at('copy.p12')), 'not without a yes');
    script().gesture = true;
    await custom.page.ask('saveCopy', {});
    assert.deepEqual([...readFileSync(desk.at('copy.p12'))], [...old]);
    assert.equal(statSync(desk.at('copy.p12')).mode & 0o777, 0o600);
    assert.match(asked(), /Write cert\.p12 as plaintext to .*copy\.p12\?[\s\S]*\[Save a Copy\]/);
    assert.doesNotMatch(asked(), /git/);
  });

  it('are proposed a place that no git repository holds', async () => {
    const { services } = desk.stage;
    const home = join(desk.stage.folder, 'home');
    mkdirSync(home);
    Object.assign(services, { platform: { ...services.platform, homeFolder: () => home } });
    Object.assign(script(), { saveFile: undefined });
    await custom.page.ask('saveCopy', {});
    assert.match(asked(), new RegExp(`Plaintext\n${join(home, 'cert.p12')}`));
    mkdirSync(join(home, '.git'));
    await custom.page.ask('saveCopy', {});
    assert.match(asked(), /Plaintext\ncert\.p12/);
  });

  it('replace no file by plaintext, the encrypted one neither', async () => {
    for (const name of ['next.p12', 'cert.p12']) {
      const before = readFileSync(desk.at(name));
      script().saveFile = desk.at(name);
      await custom.page.ask('saveCopy', {});
      assert.deepEqual(readFileSync(desk.at(name)), before);
      assert.match(asked(), new RegExp(`${name} is there already`));
    }
  });

  it('go into a repository only after a word about it', async () => {
    const git = (...args: string[]) => execFileSync('git', ['-C', desk.stage.folder, ...args]);
    git('init', '-q');
    await custom.page.ask('saveCopy', {});
    assert.match(asked(), /in the git repository .*the next commit can contain it[\s\S]*\[Save in the Repository\]/);
    desk.stage.write('.gitignore', '*.out\n');
    mkdirSync(join(desk.stage.folder, 'deep'));
    script().saveFile = desk.at('deep/copy.out');
    await custom.page.ask('saveCopy', {});
    assert.match(asked(), /which ignores it\.\n\[Save a Copy\]/);
  });

  it('are left alone where they must be: presentation, lock, Restricted Mode, a file of entries', async () => {
    const files = readdirSync(desk.stage.folder).sort();
    const before = custom.document.text;
    const both = ['replaceFromFile', 'saveCopy'] as const;
    desk.stage.services.presentation.set(true);
    for (const one of both) assert.match((await custom.page.refused(one, {})).text, /^Presentation mode is on/);
    desk.stage.services.presentation.set(false);
    desk.stage.vault.lock();
    for (const one of both) assert.equal((await custom.page.refused(one, {})).code, 'LOCKED');
    desk.stage.vault.unlock();
    await custom.settle();
    fake.trusted = false;
    assert.equal((await custom.page.refused('replaceFromFile', {})).code, 'UNTRUSTED');
    await custom.page.ask('saveCopy', {});
    assert.match(asked(), /Restricted Mode/);
    fake.trusted = true;
    assert.deepEqual([custom.document.text, readdirSync(desk.stage.folder).sort()], [before, files]);
    const entries = await desk.sealed('a.yaml', 'a: canary\n', 'yaml');
    for (const one of both) assert.equal((await entries.page.refused(one, {})).code, 'UNSUPPORTED_FORMAT');
  });

  it('write nothing when a presentation begins under the question', async () => {
    const { services } = desk.stage;
    Object.assign(services, {
      ui: {
        ...services.ui,
        gesture: async () => {
          services.presentation.set(true);
          return true;
        },
        saveFile: services.ui.saveFile,
      },
    });
    assert.match((await custom.page.refused('saveCopy', {})).text, /^Presentation mode is on/);
    assert.ok(!existsSync(desk.at('copy.p12')));
  });

  it('offer the same from the palette', async () => {
    const feature = register(desk.stage.services);
    await feature.commands[commands.replaceFromFile]?.(custom.document.uri.toString());
    assert.deepEqual(await bytes(), [...next]);
    feature.disposable.dispose();
  });
});
