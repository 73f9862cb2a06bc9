import assert from 'node:assert/strict';
import { fake } from '../../../fakes/vscode.ts';
import { Desk } from '../desk.ts';

const yaml = `db:
  password: canary-a # canary-comment
  port: 5432
  note_unencrypted: shown
pem: |
  canary-one
  canary-two
list: [canary-b, 'canary c']
`;
const token = /\uE000[A-Za-z0-9]+\uE001/g;

describe('the Text view', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.make();
    for (const command of ['undo', 'redo']) fake.commands.set(command, async () => undefined);
  });
  afterEach(() => desk.end());

  const skeleton = (text: string) => text.replace(token, '•');

  it('has tokens in place of values, and their sources on request', async () => {
    const { page } = await desk.sealed('a.yaml', yaml, 'yaml');
    const { text, language, problem } = await page.ask('text', {});
    assert.deepEqual([language, problem], ['yaml', undefined]);
    assert.equal(skeleton(text), 'db:\n  password: • #•\n  port: •\n  note_unencrypted: shown\npem: •\nlist: [•, •]\n');
    const tokens = text.match(token) ?? [];
    assert.equal(new Set(tokens).size, 6);
    assert.deepEqual((await page.ask('textShow', { tokens })).sources, [
      ...['canary-a', ' canary-comment', '5432', '|\n  canary-one\n  canary-two', '"canary-b"', "'canary c'"],
    ]);
    assert.equal((await page.ask('text', {})).text, text, 'the same value has the same token');
    desk.stage.services.presentation.set(true);
    assert.match((await page.refused('textShow', { tokens })).text, /Presentation/);
  });

  it('takes an edit as one step; what was not looked at keeps its ciphertext', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page, document } = custom;
    const { text } = await page.ask('text', {});
    const edited = text.replace('port: ', 'added: canary-new\n  port: ').replace('pem:', 'cert:');
    const after = await page.ask('textSet', { text: edited });
    assert.equal(after.problem, undefined);
    assert.equal(
      skeleton(after.text),
      'db:\n  password: • #•\n  added: •\n  port: •\n  note_unencrypted: shown\ncert: •\nlist: [•, •]\n',
    );
    assert.equal(custom.edits.length, 1);
    assert.ok(!document.text.includes('canary'));
    const line = (all: string, key: string) => all.split('\n').find((one) => one.trim().startsWith(key));
    assert.equal(line(document.text, 'password:'), line(desk.read('a.yaml'), 'password:'));
    assert.deepEqual(await page.ask('reveal', { row: page.row('added').id }), { text: 'canary-new' });
    await custom.undo();
    assert.equal(skeleton((await page.ask('text', {})).text), skeleton(text));
  });

  it('says which numbers will not come back as they were typed, once, and nothing of those that were there', async () => {
    const custom = await desk.sealed('a.yaml', `${yaml}old: 1.50\nwhen: 2024-01-01\n`, 'yaml');
    const { page } = custom;
    const { asked } = desk.stage.script;
    const { text } = await page.ask('text', {});
    await page.ask('textSet', { text: `${text}more: canary-x\n` });
    assert.deepEqual(asked, []);
    const { text: now } = await page.ask('text', {});
    await page.ask('textSet', { text: `${now}phone: +4917012345678\npin: 0042\nport_unencrypted: 0777\n` });
    assert.deepEqual(asked, [
      'After decryption, by Lockstep or sops, these read differently from what you typed: phone: loses its sign, pin: is read as octal. In quotes, as text, they keep their spelling.',
    ]);
  });

  it('keeps what does not parse as a draft: sealed, masked, in the backup, and in the way of a save', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page, document } = custom;
    const before = document.text;
    const { text } = await page.ask('text', {});
    const draft = await page.ask('textSet', { text: `${text}secret: canary-typed\n# canary-note\nbroken: [1\n` });
    assert.equal(draft.problem?.code, 'SYNTAX');
    assert.ok((draft.problem?.line ?? 0) >= 9);
    assert.ok(!JSON.stringify(draft).includes('canary'));
    assert.deepEqual([custom.dirty, document.text], [true, before]);
    assert.match((await page.refused('save', {})).text, /Text view/);
    await assert.rejects(custom.save(), /line \d+: The text in the Text view has a syntax error/);
    await assert.rejects(custom.saveAs('b.yaml'), /Text view/);
    assert.equal(desk.read('a.yaml'), before);
    const backup = await custom.backup('backup');
    assert.ok(!desk.read('backup').includes('canary'));
    custom.close();
    const again = await desk.open('a.yaml', backup.id);
    const shown = await again.page.ask('text', {});
    assert.equal(shown.problem?.code, 'SYNTAX');
    assert.match(skeleton(shown.text), /secret: •\n#•\nbroken: •\n$/);
    const fixed = await again.page.ask('textSet', { text: shown.text.replace(/broken: .*\n/, 'fine: 1\n') });
    assert.equal(fixed.problem, undefined);
    assert.deepEqual(await again.page.ask('reveal', { row: again.page.row('secret').id }), { text: 'canary-typed' });
    assert.deepEqual(await again.page.ask('reveal', { row: again.page.row('pem').id }), {
      text: 'canary-one\ncanary-two\n',
    });
    await again.save();
    assert.ok(!desk.read('a.yaml').includes('canary'));
  });

  it('does not undo what others changed meanwhile', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page } = custom;
    const { text } = await page.ask('text', {});
    const other = await custom.show();
    await other.ask('set', { row: other.row('password').id, text: 'canary-other', as: 'str' });
    const merged = await page.ask('textSet', { text: text.replace('pem:', 'cert:') });
    assert.equal(merged.problem, undefined);
    assert.deepEqual(await page.ask('reveal', { row: page.row('password').id }), { text: 'canary-other' });
    // The page was given another text, and did not take it: somebody was typing.
    await other.ask('set', { row: other.row('port').id, text: '1234', as: 'int' });
    await page.ask('text', {});
    const typed = { text: merged.text.replace('cert:', 'pem:'), from: merged.text };
    const again = await page.ask('textSet', typed);
    assert.equal(again.problem, undefined);
    assert.deepEqual(await page.ask('reveal', { row: page.row('port').id }), { text: '1234' });
    assert.ok(page.row('pem'));
    const unknown = await page.ask('textSet', { ...typed, from: 'never given' });
    assert.equal(unknown.problem?.code, 'CHANGED_ON_DISK');
    await page.ask('textSet', { text: again.text, from: again.text });
    await other.ask('add', { place: {}, name: 'theirs', text: 'x', as: 'str' });
    const refused = await page.ask('textSet', { text: `${again.text}mine: 1\n`, from: again.text });
    assert.equal(refused.problem?.code, 'CHANGED_ON_DISK');
    assert.ok(page.row('theirs'));
    assert.ok(custom.document.draft);
  });

  it('undo goes back through what did not parse, to the file as it is, and redo comes back', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page, document } = custom;
    const { text } = await page.ask('text', {});
    const first = await page.ask('textSet', { text: `${text}one: [1\n` });
    const second = await page.ask('textSet', { text: `${first.text}two: [2\n` });
    assert.equal(second.problem?.text, 'The syntax is broken here. Correct it, or undo.');
    const now = async () => skeleton((await page.ask('text', {})).text);
    const states = [skeleton(text), skeleton(first.text), skeleton(second.text)];
    await page.ask('undo', {});
    assert.equal(await now(), states[2], 'in the Table a draft is not in sight, and stays');
    await page.ask('undo', { text: true });
    assert.equal(await now(), states[1]);
    await page.ask('undo', { text: true });
    assert.deepEqual([await now(), document.draft, document.dirty], [states[0], undefined, false]);
    await page.ask('redo', { text: true });
    await page.ask('redo', { text: true });
    assert.equal(await now(), states[2]);
    await page.ask('undo', { text: true });
    await page.ask('undo', { text: true });
    await page.ask('set', { row: page.row('port').id, text: '1', as: 'int' });
    await page.ask('redo', { text: true });
    assert.equal(document.draft, undefined, 'a draft of another text does not come back over it');
  });

  it('a draft out of a backup is undone to the file', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { text } = await custom.page.ask('text', {});
    await custom.page.ask('textSet', { text: `${text}one: [1\n` });
    const backup = await custom.backup('backup');
    custom.close();
    const { page } = await desk.open('a.yaml', backup.id);
    await page.ask('undo', { text: true });
    assert.equal(skeleton((await page.ask('text', {})).text), skeleton(text));
  });

  it('does not put a masked value where it would stand in clear text', async () => {
    const { page, document } = await desk.sealed('a.yaml', yaml, 'yaml');
    const before = document.text;
    const { text } = await page.ask('text', {});
    const [password] = text.match(token) ?? [];
    for (const edited of [
      text.replace('shown', `${password}`),
      text.replace('shown', `"x ${password}"`),
      text.replace('note_unencrypted', `${password}`),
      `${text}list_unencrypted: [1, ${password}]\n`,
    ]) {
      const refused = await page.ask('textSet', { text: edited });
      assert.equal(refused.problem?.code, 'NOT_SELECTED');
      assert.equal(document.text, before);
      document.setDraft('none');
      assert.equal((await page.ask('text', {})).text, text);
    }
    const fine = await page.ask('textSet', { text: text.replace('db:', `copy: ${password}\ndb:`) });
    assert.equal(fine.problem, undefined);
    assert.deepEqual(await page.ask('reveal', { row: page.row('copy').id }), { text: 'canary-a' });
  });

  it('refuses tokens that it did not give', async () => {
    const { page, document } = await desk.sealed('a.yaml', yaml, 'yaml');
    const { text } = await page.ask('text', {});
    const before = document.text;
    const forged = '\uE000abc123\uE001';
    assert.equal((await page.refused('textShow', { tokens: [forged] })).code, 'CHANGED_ON_DISK');
    assert.equal((await page.refused('textSet', { text: `${text}x: ${forged}\n` })).code, 'CHANGED_ON_DISK');
    assert.equal(document.text, before);
    const odd = await desk.sealed('b.yaml', `a_unencrypted: "${forged}"\nb: 1\n`, 'yaml');
    const shown = await odd.page.ask('text', {});
    assert.ok(!shown.text.includes(forged));
    await odd.page.ask('textSet', { text: shown.text.replace('b:', 'c:') });
    assert.equal(odd.page.row('a_unencrypted').plain, forged);
  });

  it('finds and replaces in values', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page } = custom;
    const { text } = await page.ask('text', {});
    const all = text.match(token) ?? [];
    const { tokens } = await page.ask('textFind', { text: 'CANARY', matchCase: false });
    assert.deepEqual(
      tokens,
      all.filter((_, i) => i !== 2),
    );
    assert.deepEqual((await page.ask('textFind', { text: 'CANARY', matchCase: true })).tokens, []);
    const after = await page.ask('textReplace', { text: 'Canary', by: '$&5', matchCase: false, tokens });
    assert.equal(skeleton(after.text), skeleton(text));
    assert.equal(custom.edits.length, 1);
    assert.deepEqual(await page.ask('reveal', { row: page.row('[1]').id }), { text: '$&5 c' });
    assert.deepEqual(await page.ask('comment', { row: page.row('password').id }), { text: '$&5-comment' });
    assert.equal(page.row('port').type, 'int');
  });

  it('takes what is looked for by the letter', async () => {
    const odd = 'a-b/c.d (e) [f] {g} \\\\ ^$*+?| ü';
    const { page } = await desk.sealed('a.yaml', `v: '${odd}!'\n`, 'yaml');
    const tokens = (await page.ask('text', {})).text.match(token) ?? [];
    assert.deepEqual((await page.ask('textFind', { text: odd, matchCase: true })).tokens, tokens);
    await page.ask('textReplace', { text: odd, by: 'new', matchCase: true, tokens });
    assert.deepEqual(await page.ask('reveal', { row: page.row('v').id }), { text: 'new!' });
  });

  it('keeps the line ends of the file', async () => {
    const custom = await desk.sealed('a.yaml', yaml.replaceAll('\n', '\r\n'), 'yaml');
    const { page, document } = custom;
    const { text } = await page.ask('text', {});
    assert.ok(!text.includes('\r'));
    await page.ask('textSet', { text: `${text}more: 1\n` });
    assert.doesNotMatch(document.text, /[^\r]\n/);
    assert.ok(!fake.log.join().includes('canary'));
  });
});
