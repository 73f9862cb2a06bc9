import assert from 'node:assert/strict';
import { fake } from '../../fakes/vscode.ts';
import { type Custom, Desk, type FakePage } from './desk.ts';

const yaml = `db:
  # canary-comment
  password: canary-a
  port: 5432
  hosts:
    - canary-b
    - canary-c
host_unencrypted: shown
other: canary-d
`;

/** What takes the place of one part of a message. */
const odd: readonly unknown[] = [
  ...[
    undefined,
    null,
    true,
    -1,
    0.5,
    Number.NaN,
    1e308,
    '',
    'canary-sent',
    '__proto__',
    'constructor',
    '\u0000',
    '\uD800',
  ],
  ...[[], {}, [[]], { length: 1e9 }, Object.create(null), 'x'.repeat(70_000)],
  ...[
    '[0,"db"]',
    '[0,"db","password"]',
    '[0,"db","hosts",0]',
    '[9,"db"]',
    '[0,"sops"]',
    '[0]',
    '[',
    '\uE000canary\uE001',
  ],
];

/** Messages that are in order, by name; `$row` and `$text` stand for something of the page. */
const messages: Readonly<Record<string, object>> = {
  ready: {},
  copy: { row: '$row' },
  set: { row: '$row', text: 'canary-sent', as: 'str' },
  generate: { options: { kind: 'characters', length: 20, alphabets: ['lower'] } },
  add: { place: { group: '$group', before: '$row' }, name: 'new', text: 'canary-sent', as: 'int' },
  addGroup: { place: {}, name: 'new', list: true },
  paste: { text: 'NEW=canary-sent\nother=canary-x\n= y', replace: true },
  rename: { row: '$row', name: 'other' },
  remove: { rows: ['$row', '$row', '$group'] },
  duplicate: { row: '$group', name: '__proto__' },
  move: { row: '$group', place: { group: '$group', before: '$row' } },
  setComment: { row: '$row', text: 'canary-sent\n# b' },
  markPlain: { row: '$row', on: false },
  act: { action: 'reload' },
  undo: {},
  save: {},
  hidden: {},
  textSet: { text: 'canary-sent: [\n\uE0000\uE001 !!x' },
  textReplace: { text: '(((', by: '$1\\', matchCase: false, tokens: ['\uE000x\uE001'] },
  textShow: { tokens: ['\uE000x\uE001', '\uE000x\uE001'] },
  resolve: { sides: ['mine'] },
  revealSide: { index: 99, side: 'mine' },
};

/** A message with one part after the other exchanged for something odd. */
function* mutants(value: unknown): Generator<unknown> {
  yield* odd;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    for (const inner of mutants((value as Record<string, unknown>)[key])) {
      yield Array.isArray(value) ? Object.assign([...value], { [key]: inner }) : { ...value, [key]: inner };
    }
    const { [key]: _, ...without } = value as Record<string, unknown>;
    yield without;
  }
  yield { ...value, more: 'canary-sent' };
  yield JSON.parse(`{"__proto__":${JSON.stringify(value)}}`);
}

describe('the Secrets Editor under attack', () => {
  let desk: Desk;
  let custom: Custom;
  let page: FakePage;
  beforeEach(async () => {
    desk = await Desk.make();
    custom = await desk.sealed('a.yaml', yaml, 'yaml');
    ({ page } = custom);
    for (const command of ['undo', 'redo']) fake.commands.set(command, async () => undefined);
  });
  afterEach(() => desk.end());

  /** The example with ids of this page's rows. */
  const filled = (args: unknown): unknown =>
    JSON.parse(
      JSON.stringify(args)
        .replaceAll('"$row"', JSON.stringify(page.row('password').id))
        .replaceAll('"$group"', JSON.stringify(page.row('db').id)),
    );

  /** Says them all at once and waits for the answers; each is answered once, and no refusal and no log line holds a value. */
  async function survive(said: readonly { readonly type: string; readonly args: unknown }[]): Promise<void> {
    const from = page.sent.length;
    const { revision } = page;
    await Promise.all(said.map((one, i) => page.say({ ...one, request: 1000 + i, revision })));
    for (;;) {
      await custom.settle();
      const answers = page.sent.slice(from).filter((one) => one.type === 'answer');
      if (answers.length < said.length) continue;
      assert.deepEqual(
        answers.map(({ request }) => request).sort((a, b) => a - b),
        said.map((_, i) => 1000 + i),
      );
      const refusals = JSON.stringify(answers.filter(({ ok }) => !ok));
      assert.doesNotMatch(refusals, /canary-(?:[a-d]\b|comment|sent)/);
      break;
    }
    assert.ok(!fake.log.join('\n').includes('canary'), fake.log.join('\n'));
  }

  for (const [type, args] of Object.entries(messages)) {
    it(`answers every odd ${type}, and stays whole`, async () => {
      const all = [...mutants(filled(args))].map((one) => ({ type, args: one }));
      await survive([{ type, args: filled(args) }, ...all]);
      for (const name of ['password', 'port', 'other']) {
        const row = page.rows.find((one) => one.name === name);
        if (row) await page.answer('reveal', { row: row.id });
      }
      assert.equal(custom.document.state.kind, 'open');
      assert.equal(Object.hasOwn(Object.prototype, 'more'), false);
      assert.ok(!desk.read('a.yaml').includes('canary'));
    });
  }

  it('answers a request that is said twice, or under another name, each time', async () => {
    const { revision } = page;
    const row = page.row('password').id;
    const from = page.sent.length;
    for (let n = 0; n < 3; n++) await page.say({ type: 'reveal', request: 7, revision, args: { row } });
    await custom.settle();
    assert.equal(page.sent.slice(from).filter((one) => one.type === 'answer' && one.request === 7 && one.ok).length, 3);
    for (const type of ['toString', '__proto__', 'constructor', 'hasOwnProperty', '', 'REVEAL', 'x'.repeat(100_000)]) {
      await page.say({ type, request: 8, revision, args: { row } });
    }
    const answers = page.sent.filter((one) => one.type === 'answer' && one.request === 8);
    assert.deepEqual(
      answers.map((one) => one.type === 'answer' && one.ok),
      Array(7).fill(false),
    );
  });

  it('gives no value for a revision that never was, or is to come', async () => {
    const row = page.row('[0]').id;
    for (const revision of [0, page.revision + 1, Number.MAX_SAFE_INTEGER]) {
      assert.equal((await page.refused('reveal', { row }, revision)).code, 'NO_SUCH_ENTRY');
    }
  });

  it('takes thousands of tokens, and a value of megabytes', async () => {
    const { text } = await page.ask('text', {});
    const [token = ''] = /\uE000[A-Za-z0-9]+\uE001/.exec(text) ?? [];
    await page.answer('textShow', { tokens: Array(20_000).fill(token) });
    const row = page.row('password').id;
    await page.ask('set', { row, text: 'x'.repeat(5_000_000), as: 'str' });
    assert.equal((await page.ask('reveal', { row })).text.length, 5_000_000);
  });
});
