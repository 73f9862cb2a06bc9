import assert from 'node:assert/strict';
import { Desk } from '../desk.ts';

const yaml = `# head

db:
  # the password
  password: canary-a # behind
  port: 5432
  hosts:
    - canary-b
    - canary-c
name: x
`;

describe('the structure in the Secrets Editor', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.make();
  });
  afterEach(() => desk.end());

  const names = (custom: Awaited<ReturnType<Desk['sealed']>>) => custom.page.rows.map((row) => row.name);

  it('takes new entries, groups, lists and items, where they should go', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page } = custom;
    const id = (name: string) => page.row(name).id;
    const added = await page.ask('add', {
      place: { group: id('db'), before: id('port') },
      name: 'user',
      text: 'me',
      as: 'str',
    });
    assert.equal(added.focus, '[0,"db","user"]');
    const group = await page.ask('addGroup', { place: {}, name: 'new', list: false });
    const inGroup = await page.ask('add', { place: { group: group.focus! }, name: 'on', text: 'true', as: 'bool' });
    const list = await page.ask('addGroup', { place: { before: id('name') }, name: 'list', list: true });
    const item = await page.ask('add', { place: { group: list.focus! }, name: '', text: 'canary-d', as: 'str' });
    assert.deepEqual([inGroup.focus, item.focus], ['[0,"new","on"]', '[0,"list",0]']);
    assert.deepEqual(names(custom), [
      ...['', 'db', 'password', 'user', 'port', 'hosts', '[0]', '[1]'],
      ...['list', '[0]', 'name', 'new', 'on'],
    ]);
    assert.deepEqual(await page.ask('reveal', { row: item.focus! }), { text: 'canary-d' });
    assert.equal(custom.edits.length, 5);
    for (let n = 0; n < 5; n++) await custom.undo();
    assert.equal(custom.document.text, desk.read('a.yaml'));
    assert.equal((await page.refused('add', { place: {}, name: 'name', text: '', as: 'str' })).code, 'ENTRY_EXISTS');
    const clear = await page.refused('add', { place: {}, name: 'a_unencrypted', text: 'canary', as: 'str' });
    assert.equal(clear.code, 'NOT_SELECTED');
  });

  it('refuses old ids of a name that is there twice, and takes those of a name with a number sign', async () => {
    const twice = await desk.sealed('.env', 'A=canary-1\nA=canary-2\nB=canary-3\n', 'dotenv');
    const { page } = twice;
    const { revision } = page;
    const [first, second, b] = page.rows.map(({ id }) => id);
    await page.ask('remove', { rows: [first!] });
    assert.equal((await page.refused('reveal', { row: first! }, revision)).code, 'NO_SUCH_ENTRY');
    assert.equal((await page.refused('reveal', { row: second! }, revision)).code, 'NO_SUCH_ENTRY');
    assert.deepEqual(await page.ask('reveal', { row: b! }, revision), { text: 'canary-3' });
    const sign = await desk.sealed('a.json', '{"a#1": "canary-a", "list": ["canary-b"]}', 'json');
    const before = sign.page.revision;
    await sign.page.ask('remove', { rows: [sign.page.row('[0]').id] });
    assert.deepEqual(await sign.page.ask('reveal', { row: sign.page.row('a#1').id }, before), { text: 'canary-a' });
  });

  it('removes comment lines of their own, alone and with entries, as one step', async () => {
    const text = '# one\n# two\n\na: canary-a\n# three\n\nb: canary-b\n';
    const custom = await desk.sealed('a.yaml', text, 'yaml');
    const { page } = custom;
    const comments = () => page.rows.filter(({ kind }) => kind === 'comment').map(({ id }) => id);
    assert.equal(comments().length, 3);
    await page.ask('remove', { rows: [comments()[0]!] });
    assert.deepEqual([comments().length, custom.edits.length], [2, 1]);
    await custom.undo();
    await page.ask('remove', { rows: [...comments(), page.row('b').id] });
    assert.deepEqual(
      page.rows.map(({ name }) => name),
      ['a'],
    );
    await custom.undo();
    assert.equal(custom.document.text, desk.read('a.yaml'));
  });

  it('does not ask about a pasted value that is there already', async () => {
    const { page } = await desk.sealed('.env', 'A=canary-1\nB=canary-2\n', 'dotenv');
    const first = await page.ask('paste', { text: 'A=canary-1\nB=canary-3\nC=canary-4', replace: false });
    assert.deepEqual(first, { added: 1, existing: ['B'], skipped: [] });
    const again = await page.ask('paste', { text: 'A=canary-1\nB=canary-2\nC=canary-4', replace: false });
    assert.deepEqual(again, { added: 0, existing: [], skipped: [] });
  });

  it('renames, duplicates, moves, and removes several rows as one step', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page } = custom;
    const id = (name: string) => page.row(name).id;
    assert.equal((await page.ask('rename', { row: id('db'), name: 'database' })).focus, '[0,"database"]');
    assert.deepEqual(await page.ask('reveal', { row: id('password') }), { text: 'canary-a' });
    const copy = await page.ask('duplicate', { row: id('password'), name: 'password2' });
    assert.deepEqual(await page.ask('reveal', { row: copy.focus! }), { text: 'canary-a' });
    const moved = await page.ask('move', { row: id('name'), place: { group: id('database'), before: id('port') } });
    assert.equal(moved.focus, '[0,"database","name"]');
    await page.ask('move', { row: page.row('[1]').id, place: { group: id('hosts'), before: page.row('[0]').id } });
    assert.deepEqual(await page.ask('reveal', { row: page.row('[0]').id }), { text: 'canary-c' });
    const before = custom.edits.length;
    await page.ask('remove', { rows: [id('hosts'), page.row('[0]').id, id('port')] });
    assert.equal(custom.edits.length, before + 1);
    assert.deepEqual(names(custom), ['', 'database', 'password', 'password2', 'name']);
    await custom.undo();
    assert.equal(names(custom).length, 9);
    assert.ok(!custom.document.text.includes('canary'));
  });

  it('reads and changes comments, and marks entries as plain', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page } = custom;
    const head = page.rows[0]!;
    assert.deepEqual([head.kind, head.secretComment], ['comment', true]);
    assert.deepEqual(await page.ask('comment', { row: head.id }), { text: 'head' });
    await page.ask('setComment', { row: head.id, text: 'canary-head' });
    assert.deepEqual(await page.ask('comment', { row: page.rows[0]!.id }), { text: 'canary-head' });
    const { id } = page.row('password');
    assert.deepEqual(await page.ask('comment', { row: id }), { text: 'the password\nbehind' });
    await page.ask('setComment', { row: id, text: 'canary one\ncanary two' });
    assert.deepEqual(await page.ask('comment', { row: id }), { text: 'canary one\ncanary two' });
    await page.ask('setComment', { row: id, text: '' });
    assert.equal(page.row('password').secretComment, false);
    assert.ok(!custom.document.text.includes('canary'));
    const { row: port } = { row: page.row('port').id };
    const marked = await page.ask('markPlain', { row: port, on: true });
    assert.equal(marked.focus, '[0,"db","port_unencrypted"]');
    assert.deepEqual([page.row('port_unencrypted').plain, page.row('port_unencrypted').secret], ['5432', false]);
    await page.ask('markPlain', { row: marked.focus!, on: false });
    assert.equal(page.row('port').secret, true);
    desk.stage.services.presentation.set(true);
    assert.match((await page.refused('comment', { row: page.rows[0]!.id })).text, /Presentation/);
  });

  it('shows no encrypted comment while presenting, at whatever row it stands', async () => {
    const text =
      '# canary-0\n\n# canary-1\ng: # canary-2\n  # canary-3\n  b: 1 # canary-4\n  # canary-5\nl: # canary-6\n  - x # canary-7\n# canary-8\n';
    const { page } = await desk.sealed('a.yaml', text, 'yaml');
    desk.stage.services.presentation.set(true);
    for (const { id } of page.rows) {
      const answer = await page.answer('comment', { row: id });
      assert.ok(!JSON.stringify(answer).includes('canary'), id);
    }
  });

  it('takes a whole .env, as a program would read it', async () => {
    const custom = await desk.sealed('.env', 'A=old\nB=2\n', 'dotenv');
    const { page } = custom;
    const text = [
      '# a comment',
      "export A='canary a'  # why",
      'C = "x\\ny" ',
      'not an assignment',
      'KEY="-----BEGIN X-----',
      'abc',
      '-----END X-----"',
      'PEM=-----BEGIN Y-----',
      'def==',
      '-----END Y-----',
      'EMPTY=',
      'URL=http://x/#part # comment',
      'C=last',
    ].join('\r\n');
    const first = await page.ask('paste', { text, replace: false });
    assert.deepEqual(first, { added: 5, existing: ['A'], skipped: [{ line: 4, why: 'no-assignment' }] });
    assert.equal(custom.edits.length, 1);
    const value = async (name: string) => (await page.ask('reveal', { row: page.row(name).id })).text;
    assert.equal(await value('A'), 'old');
    assert.equal(await value('C'), 'last');
    assert.equal(await value('KEY'), '-----BEGIN X-----\nabc\n-----END X-----');
    assert.equal(await value('PEM'), '-----BEGIN Y-----\ndef==\n-----END Y-----');
    assert.deepEqual([await value('EMPTY'), await value('URL')], ['', 'http://x/#part']);
    const second = await page.ask('paste', { text, replace: true });
    assert.deepEqual(second, { added: 0, existing: [], skipped: [{ line: 4, why: 'no-assignment' }] });
    assert.equal(await value('A'), 'canary a');
    await custom.undo();
    assert.equal(await value('A'), 'old');
    assert.ok(!custom.document.text.includes('canary'));
    const refused = { added: 0, existing: [], skipped: [{ line: 1, why: 'unencrypted' as const }] };
    assert.deepEqual(await page.ask('paste', { text: 'X_unencrypted=1', replace: false }), refused);
  });

  it('takes what it can of a .env, and says of the other lines why not, without their text', async () => {
    const text = [
      'GOOD=canary-1',
      'canary words',
      '9LIVES=canary-2',
      'MY KEY=canary-3',
      'OPEN="canary-4',
      'X_unencrypted=canary-5',
      'db=canary-6',
      'sops=canary-7',
      'ALSO=canary-8',
    ].join('\n');
    const why = ['no-assignment', 'name', 'name', 'quote', 'unencrypted', 'group', 'name'] as const;
    const skipped = why.map((one, i) => ({ line: i + 2, why: one }));
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const answer = await custom.page.ask('paste', { text, replace: false });
    assert.deepEqual(answer, { added: 2, existing: [], skipped });
    assert.deepEqual([names(custom).slice(-2), custom.edits.length], [['GOOD', 'ALSO'], 1]);
    assert.deepEqual(await custom.page.ask('paste', { text, replace: true }), { added: 0, existing: [], skipped });
    assert.ok(!JSON.stringify(custom.page.sent.filter((one) => one.type !== 'state')).includes('canary'));
    const flat = await desk.sealed('.env', 'A=1\n', 'dotenv');
    const metadata = await flat.page.ask('paste', { text: 'B=2\nsops_version=3\nC=4', replace: false });
    assert.deepEqual(metadata, { added: 2, existing: [], skipped: [{ line: 2, why: 'name' }] });
  });

  it('makes values', async () => {
    const { page } = await desk.sealed('.env', 'A=old\n', 'dotenv');
    const made = await page.ask('generate', { options: { kind: 'characters', length: 20, alphabets: ['lower'] } });
    assert.match(made.text, /^[a-z]{20}$/);
    assert.ok(made.bits > 90);
    const none = await page.refused('generate', { options: { kind: 'characters', length: 20, alphabets: [] } });
    assert.equal(none.code, 'BAD_VALUE');
  });
});
