import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { getHeapSnapshot } from 'node:v8';
import { register as hover } from '../../../src/extension/hover/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import { register as lens } from '../../../src/extension/lens/register.ts';
import { register as lock } from '../../../src/extension/lock/register.ts';
import { register as mask } from '../../../src/extension/mask/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { register as typing } from '../../../src/extension/typing/register.ts';
import { register as values } from '../../../src/extension/values/register.ts';
import type { FakeEditor } from '../../fakes/vscode.ts';
import { type Custom, Desk } from '../editor/desk.ts';
import { idOf } from '../session/session.ts';

/** Secrets of this test as bytes, which a heap snapshot does not show; a text of one lives as long as somebody holds it. */
const chance = () => Buffer.from(randomBytes(12).toString('hex'), 'latin1');
const secrets = {
  shown: chance(),
  copied: chance(),
  edited: chance(),
  comment: chance(),
  phrase: chance(),
  /** The private key, under the pass phrase. */
  key: Buffer.alloc(0),
};
type Name = keyof typeof secrets;
const text = (name: Name) => secrets[name].toString('latin1');

/** The names of the secrets that some object in the memory of this process holds as text. V8 collects garbage before. */
async function found(): Promise<Name[]> {
  const names = new Set<Name>();
  let rest = Buffer.alloc(0);
  for await (const chunk of getHeapSnapshot()) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    for (const name of Object.keys(secrets) as Name[]) {
      if (bytes.includes(secrets[name])) names.add(name);
    }
    rest = bytes.subarray(-100);
  }
  return [...names].sort();
}

describe('the memory of this process', function () {
  this.timeout(180_000);
  let desk: Desk;
  let features: Feature[];
  let editor: FakeEditor;
  let custom: Custom;
  const run = (id: string, ...args: unknown[]) =>
    features.map((one) => (one.commands as Record<string, (...args: unknown[]) => Promise<void>>)[id]).find(Boolean)?.(
      ...args,
    );

  beforeEach(async () => {
    desk = await Desk.make();
    const { services } = desk.stage;
    features = [hover, lens, lock, mask, typing, values].map((register) => register(services));
  });
  afterEach(() => {
    for (const one of features) one.disposable.dispose();
    desk.end();
  });

  /** A file as text with a revealed, a copied and a hovered value, and one in the Secrets Editor with an edit that is not saved. */
  async function work(): Promise<void> {
    const { stage } = desk;
    const exported = (await stage.vault.exportKey(stage.recipient)).trim().split('\n').at(-1) ?? '';
    assert.match(exported, /^AGE-SECRET-KEY-1/);
    secrets.key = Buffer.from(exported, 'latin1');
    await stage.vault.wrap(stage.recipient, text('phrase'));
    stage.vault.lock();
    stage.script.secret = [text('phrase')];
    await run(commands.unlock);
    assert.equal(stage.vault.locked, false);
    // Whoever typed it: this test and its stand-in for the person.
    stage.script.secret = [];
    const file = await stage.sealed(`# ${text('comment')}\na: ${text('shown')}\nb: ${text('copied')}\n`, 'yaml');
    editor = stage.open('text.yaml', file);
    const state = await stage.state(editor);
    const uri = editor.document.uri.toString();
    await run(commands.revealValue, uri, idOf(state, 'a'));
    await run(commands.copyValue, uri, idOf(state, 'b'));
    custom = await desk.sealed('table.yaml', `c: ${text('edited')}\nd: x\n`, 'yaml');
    const [, second] = custom.page.rows;
    await custom.page.ask('set', { row: second?.id ?? '', text: text('edited'), as: 'str' });
    await custom.settle();
    custom.page.sent.length = 0;
  }

  it('holds no value, no comment, no pass phrase and no key after a lock, and did before', async () => {
    await work();
    const before = await found();
    for (const name of ['shown', 'copied', 'edited', 'comment'] as const)
      assert.ok(before.includes(name), `${name} is found where it is`);
    await run(commands.lock);
    await new Promise((resolve) => setTimeout(resolve, 100));
    // The stand-in for VS Code remembers every decoration type that there was.
    for (const type of editor.decorations.keys())
      if ('disposed' in type && type.disposed) editor.decorations.delete(type);
    assert.deepEqual(await found(), []);
    assert.equal((await desk.stage.state(editor)).kind, 'locked');
    assert.equal(custom.document.state.kind, 'locked');
    assert.ok(custom.dirty, 'and no edit is lost');
  });
});
