import assert from 'node:assert/strict';
import { register } from '../../../src/extension/hover/register.ts';
import { type HoverInput, hoverText } from '../../../src/extension/hover/text.ts';
import { fake } from '../../fakes/vscode.ts';
import { plain, sealed, stage } from '../mask/stage.ts';

const other = 'age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun';
const now = new Date('2026-11-21T12:00:00Z');
const change = {
  commit: '3f2c1e7',
  summary: 'rotate [db](command:x) *password*',
  time: new Date('2026-11-09T12:00:00Z'),
  author: 'M',
};

async function input(text = 'A=S3CR3T\n', given: Partial<HoverInput> = {}): Promise<HoverInput> {
  const file = await sealed(text, 'dotenv', [other]);
  const state = await file.opened();
  const leaf = state.sealed.leaves[0]!;
  const keys = [{ label: 'laptop', recipient: file.recipient, created: '' }];
  return {
    uri: 'file:///w/a(b).env',
    leaf,
    state,
    change: undefined,
    keys,
    names: new Map(),
    policy: undefined,
    now,
    revealed: false,
    presenting: false,
    ...given,
  };
}

describe('a hover', () => {
  it('calls people by the names in .sops.yaml, which forge no link', async () => {
    const names = new Map([[other, '[Maria](command:x)']]);
    const text = hoverText(await input('A=S3CR3T\n', { names })).value;
    assert.match(text, /Readable by you, \\\[Maria\\\]\\\(command\\:x\\\) \\\(age1lzd99uk…nvun\\\)/);
  });

  it('says what is known, and not the value', async () => {
    const given = await input();
    const text = hoverText({ ...given, change });
    const [title, facts, links] = text.value.split('\n\n');
    assert.equal(title, '**A**\u2003••••••••\u2003string');
    assert.equal(
      facts,
      'Changed 12 days ago in 3f2c1e7 “rotate \\[db\\]\\(command\\:x\\) \\*password\\*”  \nReadable by you, age1lzd99uk…nvun',
    );
    const commands = [...(links ?? '').matchAll(/\[([^\]]*)\]\(command:([\w.]+)\?([^)]*)\)/g)];
    assert.deepEqual(
      commands.map((match) => match[1]),
      ['Copy', 'Set', 'Reveal', 'History', 'More…'],
    );
    for (const match of commands)
      assert.deepEqual(JSON.parse(decodeURIComponent(match[3] ?? '')), [given.uri, given.leaf.id]);
    assert.deepEqual(text.isTrusted, { enabledCommands: commands.map((match) => match[2]) });
    assert.ok(!JSON.stringify(text).includes('S3CR3T'));
  });

  it('has no link in Restricted Mode that would only say so', async () => {
    fake.trusted = false;
    const titles = async (given: HoverInput) =>
      [...hoverText(given).value.matchAll(/\[([^\]]*)\]\(command:/g)].map((one) => one[1]);
    try {
      assert.deepEqual(await titles(await input('A="S3CR3T"\n')), ['Copy', 'Reveal', 'More…']);
    } finally {
      fake.trusted = true;
    }
  });

  it('offers for a binary file what works on it', async () => {
    const given = await input();
    const titles = (value: string | Uint8Array) => {
      const { kind, opened, sealed } = given.state as Extract<HoverInput['state'], { kind: 'open' }>;
      const state = {
        kind,
        sealed: { ...sealed, format: 'binary' },
        opened: { ...opened, value: () => ({ type: 'str', value }) },
      };
      const text = hoverText({ ...given, state: state as never }).value;
      return [...text.matchAll(/\[([^\]]*)\]\(command:/g)].map((one) => one[1]);
    };
    assert.deepEqual(titles(Uint8Array.of(255)), ['Copy', 'Replace From File…', 'Save a Copy…']);
    assert.deepEqual(titles('text'), ['Copy', 'Reveal', 'Replace From File…', 'Save a Copy…']);
    fake.trusted = false;
    assert.deepEqual(titles(Uint8Array.of(255)), ['Copy']);
    fake.trusted = true;
  });

  it('shows hostile names as they are', async () => {
    const given = await input();
    const leaf = { ...given.leaf, path: ['[x](command:evil)', '<img src=x>', 'a\u202Eb', '$(flame)'] };
    const text = hoverText({ ...given, leaf }).value;
    assert.doesNotMatch(text, /(?<!\\)<img|\u202E|(?<!\\)\]\(command:evil/);
  });

  it('tells the lines of a value roughly', async () => {
    const given = await input('A="a\\nS3CR3T\\nc"\n');
    const state = { ...given.state, opened: { value: () => ({ type: 'str', value: 'a\nS3CR3T\nc' }) } } as never;
    assert.match(hoverText({ ...given, state }).value, /string, 2–10 lines/);
  });

  it('hides what is revealed, and says nothing of lines while presenting', async () => {
    const given = await input();
    assert.match(hoverText({ ...given, revealed: true }).value, /\[Hide\]\(command:lockstep\.hideValues\?/);
    const state = { ...given.state, opened: { value: () => ({ type: 'str', value: 'a\nS3CR3T\nc' }) } } as never;
    assert.doesNotMatch(hoverText({ ...given, state, presenting: true }).value, /lines/);
  });

  it('tells what programs that load a .env read differently, and not the value', async () => {
    const quoted = hoverText(await input('A="S3CR3T"\n'));
    assert.match(quoted.value, /The quotes are part of this value; programs that load a \.env remove them/);
    assert.match(quoted.value, /\[Remove Quotes\]\(command:lockstep\.removeQuotes\?/);
    assert.ok(JSON.stringify(quoted.isTrusted).includes('lockstep.removeQuotes'));
    const other = hoverText(await input('A=S3CR3T # why\n')).value;
    assert.match(other, /Programs that load a \.env read this differently: a comment behind it/);
    assert.doesNotMatch(other, /Remove Quotes/);
    assert.doesNotMatch(hoverText(await input()).value, /Programs|quotes/);
    for (const text of [quoted.value, other]) assert.doesNotMatch(text, /S3CR3T/);
  });

  it('names which of several keys it is', async () => {
    const given = await input();
    const keys = [...given.keys, { label: 'old', recipient: 'age1old', created: '' }];
    assert.match(hoverText({ ...given, keys }).value, /Readable by you \\\(laptop\\\), age1/);
  });

  it('offers only what works', async () => {
    const given = await input();
    const state = given.state as Extract<HoverInput['state'], { kind: 'open' }>;
    const links = (one: HoverInput['state']) =>
      [...hoverText({ ...given, state: one }).value.matchAll(/\[([^\]]*)\]\(command/g)].map((match) => match[1]);
    assert.deepEqual(links({ kind: 'locked', sealed: state.sealed }), ['Unlock']);
    assert.deepEqual(links(plain('A=b\n', 'dotenv')), ['Reveal', 'Encrypt This File']);
    assert.deepEqual(links({ ...state, kind: 'damaged' }), ['Copy', 'Reveal']);
  });

  it('stands on the name and on the mask only', async () => {
    fake.reset();
    fake.trusted = false;
    const on = stage();
    const feature = register(on.services);
    const file = await sealed('# x\nA=S3CR3T\n', 'dotenv');
    const editor = fake.open('/w/x.env', file.text);
    on.answer(editor, await file.opened());
    const provider = fake.providers[0]?.provider as {
      provideHover(document: unknown, position: unknown): Promise<unknown>;
    };
    const at = (character: number, line = 1) => provider.provideHover(editor.document, { line, character });
    assert.ok(await at(0));
    assert.ok(await at(20));
    assert.equal(await at(0, 0), undefined);
    feature.disposable.dispose();
  });
});
