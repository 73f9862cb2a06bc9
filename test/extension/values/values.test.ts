import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '../../../src/core/generate/generate.ts';
import type { FileState } from '../../../src/core/session/state.ts';
import { fitting, textOfScalar } from '../../../src/core/tree/typed.ts';
import type { Scalar } from '../../../src/core/tree/value.ts';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { generators, trimmed } from '../../../src/extension/values/ask.ts';
import { register } from '../../../src/extension/values/register.ts';
import { type FakeEditor, fake, Range, Selection } from '../../fakes/vscode.ts';
import { idOf, makeStage, type Stage } from '../session/session.ts';

const yaml =
  'db:\n  password: canary # why\n  port: 5432\n  hosts:\n    - a\n    - b\nflag: true\nnote_unencrypted: open\n';

describe('commands on values', () => {
  let stage: Stage;
  let editor: FakeEditor;
  let run: (id: CommandId, ...ids: unknown[]) => Promise<void>;
  let uri: string;

  beforeEach(async () => {
    stage = await makeStage();
    const feature = register(stage.services);
    run = async (id, ...ids) => {
      assert.equal(await feature.commands[id]?.(...ids), undefined, 'a command returns nothing');
    };
    editor = stage.open('x.yaml', await stage.sealed(yaml, 'yaml'));
    uri = editor.document.uri.toString();
  });
  afterEach(() => stage.end());

  const value = async (...path: (string | number)[]): Promise<Scalar | undefined> => {
    const state = await stage.state(editor);
    assert.equal(state.kind, 'open');
    return state.kind === 'open' ? state.opened.value(idOf(state, ...path)) : undefined;
  };
  const id = (...path: (string | number)[]) => JSON.stringify([0, ...path]);
  const text = () => editor.document.getText();
  const cursor = (word: string) => {
    const at = editor.document.positionAt(text().indexOf(word));
    editor.selection = new Selection(at, at);
  };

  it('copy by id, under the cursor, and by name', async () => {
    await run(commands.copyValue, uri, id('db', 'password'));
    assert.equal(fake.clipboard, 'canary');
    await run(commands.copyValue, { uri, id: id('db', 'port') });
    assert.equal(fake.clipboard, '5432');
    cursor('password');
    await run(commands.copyValue);
    assert.equal(fake.clipboard, 'canary');
    cursor('hosts');
    stage.script.pick = 'flag';
    await run(commands.copyValue);
    assert.equal(fake.clipboard, 'true');
    assert.ok(!JSON.stringify([stage.script.asked, fake.log]).includes('canary'));
  });

  it('ask before a value goes where nothing is encrypted', async () => {
    stage.script.secret = 'typed';
    await run(commands.setValue, uri, id('note_unencrypted'));
    assert.ok(!text().includes('typed'));
    assert.match(stage.script.asked.join(), /note_unencrypted is not encrypted/);
    stage.script.confirm = true;
    await run(commands.setValue, uri, id('note_unencrypted'));
    assert.match(text(), /^note_unencrypted: typed$/m);
  });

  it('check what they are given', async () => {
    const refused: unknown[][] = [
      [uri, id('nothing')],
      ['file:///etc/passwd', '[0]'],
      ['not a uri', 'x'],
      [{}, {}],
      [7],
      [null, id('db')],
    ];
    for (const ids of refused) {
      fake.clipboard = '';
      await run(commands.copyValue, ...ids).catch(() => undefined);
      assert.equal(fake.clipboard, '', JSON.stringify(ids));
    }
    const before = text();
    stage.script.secret = 'x';
    await run(commands.setValue, 'file:///etc/passwd', '[0]', 'value').catch(() => undefined);
    await run(commands.setValue, uri, id('gone'), 'value').catch(() => undefined);
    assert.equal(text(), before);
  });

  it('set a value of the entry’s type, or of text when that is asked for', async () => {
    stage.script.secret = ['fresh', '99', 'ninety', { button: 'text' }, 'ninety', 'false'];
    await run(commands.setValue, uri, id('db', 'password'));
    await run(commands.setValue, uri, id('db', 'port'));
    assert.deepEqual(await value('db', 'password'), { type: 'str', value: 'fresh' });
    assert.deepEqual(await value('db', 'port'), { type: 'int', value: 99n });
    await run(commands.setValue, uri, id('db', 'port'));
    assert.deepEqual(await value('db', 'port'), { type: 'int', value: 99n }, 'refused');
    assert.match(stage.script.asked.join(), /This is not a whole number, .* Store as Text, above, changes the type\./);
    await run(commands.setValue, uri, id('db', 'port'));
    assert.deepEqual(await value('db', 'port'), { type: 'str', value: 'ninety' });
    await run(commands.setValue, uri, id('flag'));
    assert.deepEqual(await value('flag'), { type: 'bool', value: false });
    assert.ok(!/fresh|ninety/.test(text() + stage.script.asked.join() + fake.log.join()));
  });

  it('ask before a value from elsewhere changes the type', async () => {
    fake.clipboard = 'ninety';
    stage.script.secret = [{ button: 'clipboard' }, { button: 'clipboard' }];
    stage.script.confirm = [false, true];
    await run(commands.setValue, uri, id('db', 'port'));
    assert.match(stage.script.asked.join(), /Store this value as text\?.*This is not a whole number/s);
    assert.deepEqual(await value('db', 'port'), { type: 'str', value: 'ninety' });
    assert.ok(!stage.script.asked.join().includes('ninety'));
    stage.script.confirm = false;
    stage.script.pick = 'base64_128';
    await run(commands.generateValue, uri, id('flag'));
    assert.deepEqual(await value('flag'), { type: 'bool', value: true });
  });

  it('name what is generated', async () => {
    stage.script.pick = 'base64_128';
    await run(commands.generateValue, uri, id('db', 'password'));
    assert.match(stage.script.asked.join('\n'), /^Generate a Value for db\.password/m);
    assert.match(stage.script.asked.join('\n'), /db\.password has a new value\./);
  });

  it('ask about an empty value', async () => {
    stage.script.secret = ['', '', 'x'];
    stage.script.confirm = [false, true];
    await run(commands.setValue, uri, id('db', 'password'));
    assert.deepEqual(await value('db', 'password'), { type: 'str', value: '' });
    assert.deepEqual(stage.script.secret, ['x'], 'asked twice');
  });

  it('do not let the box join lines', async () => {
    fake.clipboard = 'line one\nline two\n';
    stage.script.secret = ['line one line two', 'lineoneline two'];
    const before = text();
    await run(commands.setValue, uri, id('db', 'password'));
    await run(commands.setValue, uri, id('db', 'password'));
    assert.equal(text(), before);
    assert.equal(stage.script.asked.filter((one) => one.includes('joined')).length, 2);
    stage.script.secret = { button: 'clipboard' };
    await run(commands.setValue, uri, id('db', 'password'));
    assert.deepEqual(await value('db', 'password'), { type: 'str', value: 'line one\nline two\n' });
  });

  it('take a value from a file, whole', async () => {
    const file = join(stage.folder, 'key.pem');
    writeFileSync(file, 'a\r\nb\n');
    stage.script.openFile = file;
    stage.script.secret = { button: 'file' };
    await run(commands.setValue, uri, id('db', 'password'));
    assert.deepEqual(await value('db', 'password'), { type: 'str', value: 'a\r\nb\n' });
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0xfd]));
    await assert.rejects(run(commands.setValue, uri, id('db', 'password')), { code: 'NOT_UTF8' });
  });

  it('generate', async () => {
    stage.script.pick = 'hex';
    await run(commands.generateValue, uri, id('db', 'password'));
    const made = await value('db', 'password');
    assert.ok(made && textOfScalar(made)?.match(/^[0-9a-f]{64}$/));
    assert.ok(!(stage.script.asked.join() + fake.log.join()).includes(textOfScalar(made) ?? ''));
    stage.script.pick = 'password';
    stage.script.secret = { button: 'generate' };
    await run(commands.setValue, uri, id('db', 'password'));
    assert.match(textOfScalar((await value('db', 'password'))!) ?? '', /^\w{24}$/);
  });

  it('add, to the cursor’s map first', async () => {
    cursor('password');
    stage.script.pick = 'db';
    stage.script.input = 'token';
    stage.script.secret = 'fresh';
    await run(commands.addSecret, uri);
    assert.deepEqual(await value('db', 'token'), { type: 'str', value: 'fresh' });
    assert.match(stage.script.asked.find((one) => one.startsWith('Add Secret\n')) ?? '', /^Add Secret\ndb\nTop level/);
    assert.equal(editor.document.lineAt(editor.selection.active.line).text.trim().split(':')[0], 'token');
  });

  it('refuse names that cannot be', async () => {
    const before = text();
    stage.script.pick = 'db';
    stage.script.secret = 'fresh';
    for (const name of ['', ' x', 'password', 'hosts', 'a\u202eb']) {
      stage.script.input = name;
      await run(commands.addSecret, uri);
      assert.equal(text(), before, JSON.stringify(name));
    }
    stage.script.input = 'a_unencrypted';
    await assert.rejects(run(commands.addSecret, uri), { code: 'NOT_SELECTED' });
    assert.equal(text(), before);
  });

  it('rename and delete', async () => {
    stage.script.input = 'secret';
    await run(commands.renameSecret, uri, id('db', 'password'));
    assert.deepEqual(await value('db', 'secret'), { type: 'str', value: 'canary' });
    stage.script.confirm = [false, true];
    await run(commands.deleteSecret, uri, id('db', 'secret'));
    assert.match(text(), /secret:/);
    await run(commands.deleteSecret, uri, id('db', 'secret'));
    assert.doesNotMatch(text(), /secret:/);
    await assert.rejects(run(commands.renameSecret, uri, id('db', 'hosts', 0)), { code: 'BAD_NAME' });
  });

  it('leave the right item of a list alone when it moved meanwhile', async () => {
    const real = stage.services.ui.secret;
    const asking = {
      ...stage.services.ui,
      secret: async (options: Parameters<typeof real>[0]) => {
        stage.script.confirm = true;
        await run(commands.deleteSecret, uri, id('db', 'hosts', 0));
        return real(options);
      },
    };
    const feature = register({ ...stage.services, ui: asking });
    stage.script.secret = 'for b';
    await assert.rejects(async () => feature.commands[commands.setValue]?.(uri, id('db', 'hosts', 0)), {
      code: 'NO_SUCH_ENTRY',
    });
    assert.deepEqual(await value('db', 'hosts', 0), { type: 'str', value: 'b' });
  });

  it('rotate the data key', async () => {
    const before = text();
    await run(commands.rotateDataKey, uri);
    assert.equal(text(), before, 'not without a yes');
    stage.script.confirm = true;
    await run(commands.rotateDataKey, uri);
    const envelopes = (all: string) => all.match(/ENC\[[^\]]*\]/g) ?? [];
    const kept = envelopes(before).filter((one) => text().includes(one));
    assert.deepEqual(kept, []);
    assert.deepEqual(await value('db', 'password'), { type: 'str', value: 'canary' });
  });

  it('write nothing in Restricted Mode, but read', async () => {
    fake.trusted = false;
    const before = text();
    stage.script.confirm = true;
    stage.script.secret = 'x';
    stage.script.input = 'x';
    stage.script.pick = 'hex';
    const writing = [
      commands.setValue,
      commands.generateValue,
      commands.renameSecret,
      commands.deleteSecret,
      commands.rotateDataKey,
      commands.addSecret,
    ];
    for (const command of writing) await run(command, uri, id('db', 'password'));
    assert.equal(text(), before);
    assert.equal(stage.script.asked.filter((one) => one.includes('Restricted Mode')).length, writing.length);
    await run(commands.copyValue, uri, id('db', 'password'));
    assert.equal(fake.clipboard, 'canary');
  });

  it('offer to unlock, and do nothing without it', async () => {
    stage.vault.lock();
    stage.script.message = 'Unlock';
    stage.script.confirm = true;
    stage.script.gesture = false;
    await run(commands.copyValue, uri, id('db', 'password'));
    assert.equal(fake.clipboard, '');
    assert.ok(stage.vault.locked);
    stage.script.gesture = true;
    await run(commands.copyValue, uri, id('db', 'password'));
    assert.equal(fake.clipboard, 'canary');
  });

  it('copy nothing when a lock comes while they ask', async () => {
    Object.defineProperty(stage.script, 'gesture', {
      get() {
        stage.vault.lock();
        return true;
      },
    });
    await assert.rejects(run(commands.copyValue, uri, id('db', 'password')), { code: 'LOCKED' });
    assert.equal(fake.clipboard, '');
  });

  it('copy an item of a list only while it is the one that was asked about', async () => {
    const other = await stage.sealed(yaml.replace('- a', '- z'), 'yaml');
    Object.defineProperty(stage.script, 'gesture', {
      get() {
        fake.edit(editor.document, new Range(0, 0, editor.document.lineCount, 0), other);
        return true;
      },
    });
    await assert.rejects(run(commands.copyValue, uri, id('db', 'hosts', 0)), { code: 'NO_SUCH_ENTRY' });
    assert.equal(fake.clipboard, '');
  });

  it('read a damaged file, and do not change it', async () => {
    const damaged = stage.open('d.yaml', text().replace(/^flag: .*\n/m, ''));
    const at = damaged.document.uri.toString();
    await run(commands.copyValue, at, id('db', 'password'));
    assert.equal(fake.clipboard, 'canary');
    stage.script.secret = 'x';
    await assert.rejects(run(commands.setValue, at, id('db', 'password')), { code: 'EDIT_LOCKED' });
    const state: FileState = await stage.state(damaged);
    assert.equal(state.kind, 'damaged');
  });
});

describe('generated values', () => {
  const makeOf = (name: keyof typeof generators) => () => generate(generators[name]).text;

  it('are of their kind, and never the same', () => {
    const forms = {
      base64_128: /^[A-Za-z0-9+/]{22}==$/,
      base64_256: /^[A-Za-z0-9+/]{43}=$/,
      password: /^[A-HJ-NP-Za-km-z2-9]{24}$/,
      words: /^[a-z]{3,8}(?:-[a-z]{3,8}){7}$/,
      hex: /^[0-9a-f]{64}$/,
      uuid: /^[0-9a-f-]{36}$/,
    };
    for (const [name, form] of Object.entries(forms)) {
      const made = Array.from({ length: 200 }, makeOf(name as keyof typeof generators));
      assert.equal(new Set(made).size, made.length, name);
      for (const one of made) assert.match(one, form);
    }
  });

  it('use every character of the alphabet about as often', () => {
    const counts = new Map<string, number>();
    const all = Array.from({ length: 2000 }, makeOf('password')).join('');
    for (const c of all) counts.set(c, (counts.get(c) ?? 0) + 1);
    const mean = all.length / counts.size;
    assert.equal(counts.size, 57);
    // Six standard deviations: a fair draw fails once in many million runs, a biased one always.
    for (const [c, n] of counts) assert.ok(Math.abs(n - mean) < 6 * Math.sqrt(mean), `${c}: ${n} of about ${mean}`);
  });
});

describe('typed values', () => {
  it('fit a type or they do not', () => {
    const int = (text: string) => fitting(text, 'int');
    assert.deepEqual(int('-9223372036854775808'), { type: 'int', value: -(2n ** 63n) });
    for (const text of ['9223372036854775808', '1.0', '0x1', ' 1', '', '1e3']) assert.equal(int(text), undefined, text);
    // Digits that would be lost: telephone numbers, PINs, long numbers stay the texts that they are.
    for (const text of ['00123', '+49170123', '-0', '0899', '-07']) assert.equal(int(text), undefined, text);
    for (const text of ['00.5', '+1.5', '12345678901234567890123', '0.12345678901234567890123'])
      assert.equal(fitting(text, 'float'), undefined, text);
    assert.deepEqual(fitting('-1.50', 'float'), { type: 'float', value: -1.5 });
    assert.deepEqual(int('0'), { type: 'int', value: 0n });
    assert.deepEqual(fitting('1e3', 'float'), { type: 'float', value: 1000 });
    for (const text of ['NaN', '1e999', 'a', '', '.']) assert.equal(fitting(text, 'float'), undefined, text);
    assert.equal(fitting('True', 'bool'), undefined);
    assert.deepEqual(fitting('2026-11-21T12:00:00+01:00', 'time'), {
      type: 'time',
      value: '2026-11-21T12:00:00+01:00',
    });
    for (const text of ['2026-11-21', '2026-13-21T12:00:00Z']) assert.equal(fitting(text, 'time'), undefined, text);
    assert.deepEqual(fitting('x', 'null'), { type: 'str', value: 'x' });
  });

  it('lose the line end of a single line only', () => {
    assert.equal(trimmed('one\r\n'), 'one');
    assert.equal(trimmed('one\n\n'), 'one\n\n');
    assert.equal(trimmed('one\ntwo\n'), 'one\ntwo\n');
    assert.equal(trimmed(''), '');
  });
});
