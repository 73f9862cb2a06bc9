import assert from 'node:assert/strict';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { register } from '../../../src/extension/values/register.ts';
import { type FakeEditor, fake } from '../../fakes/vscode.ts';
import { idOf, makeStage, type Stage } from '../session/session.ts';

const plain = 'A="canary one"\nB=canary\n# note\nC=\'canary\' # why\nD="x\\ny"\nE="not closed\n';

describe('taking quotes off values', () => {
  let stage: Stage;
  let editor: FakeEditor;
  let run: (id: CommandId, ...ids: unknown[]) => Promise<void>;
  let uri: string;
  let applied: number;

  const open = async (text: string, name = '.env') => {
    editor = stage.open(name, await stage.sealed(text, name.endsWith('.yaml') ? 'yaml' : 'dotenv'));
    uri = editor.document.uri.toString();
    const { version } = editor.document;
    applied = version;
  };
  beforeEach(async () => {
    stage = await makeStage();
    const feature = register(stage.services);
    run = async (id, ...ids) => {
      assert.equal(await feature.commands[id]?.(...ids), undefined, 'a command returns nothing');
    };
    await open(plain);
  });
  afterEach(() => stage.end());

  const values = async () => {
    const state = await stage.state(editor);
    assert.equal(state.kind, 'open');
    const leaves = state.kind === 'open' ? state.sealed.leaves : [];
    return Object.fromEntries(
      leaves.map((leaf) => {
        const value = state.kind === 'open' ? state.opened.value(leaf.id) : undefined;
        return [leaf.path[0], value?.type === 'str' ? value.value : value];
      }),
    );
  };
  const before = {
    A: '"canary one"',
    B: 'canary',
    C: "'canary' # why",
    D: '"x\ny"',
    E: '"not closed',
  };
  const ciphertext = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(editor.document.getText())?.[1];

  it('of one that is named', async () => {
    const old = ciphertext('B');
    await run(commands.removeQuotes, uri, idOf(await stage.state(editor), 'A'));
    assert.deepEqual(await values(), { ...before, A: 'canary one' });
    assert.equal(ciphertext('B'), old, 'what did not change keeps its ciphertext');
    assert.ok(!JSON.stringify(stage.script.asked).includes('canary'));
    assert.ok(!fake.log.join().includes('canary'));
  });

  it('of all at once, as one edit', async () => {
    stage.script.pick = 'All 3 values';
    await run(commands.removeQuotes);
    assert.deepEqual(await values(), { ...before, A: 'canary one', C: 'canary', D: 'x\ny' });
    assert.equal(editor.document.version, applied + 1);
    assert.match(editor.document.getText(), /^#ENC\[/m);
  });

  it('of none that has none, or that nobody picks', async () => {
    const text = editor.document.getText();
    await run(commands.removeQuotes, uri, idOf(await stage.state(editor), 'B'));
    await run(commands.removeQuotes, uri);
    assert.equal(editor.document.getText(), text);
    await open('a: \'"x"\'\n', 'x.yaml');
    await run(commands.removeQuotes, uri);
    assert.ok(stage.script.asked.some((one) => one.includes('No value in x.yaml has quotes')));
  });

  it('is refused where sops could not hold the value, by name', async () => {
    await open("K='a\\nb'\n", 'other.env');
    await assert.rejects(run(commands.removeQuotes, uri), {
      code: 'BAD_VALUE',
      place: { path: ['K'], what: 'backslash-n' },
    });
  });

  it('does nothing in Restricted Mode', async () => {
    fake.trusted = false;
    const text = editor.document.getText();
    await run(commands.removeQuotes, uri, idOf(await stage.state(editor), 'A'));
    assert.equal(editor.document.getText(), text);
  });

  it('stands among the actions of a value with quotes', async () => {
    stage.script.pick = 'Remove Quotes';
    await run(commands.moreActions, uri, idOf(await stage.state(editor), 'A'));
    assert.ok(fake.executed.some(([id, at]) => id === commands.removeQuotes && at === uri));
    fake.executed.length = 0;
    await run(commands.moreActions, uri, idOf(await stage.state(editor), 'B'));
    assert.ok(!fake.executed.some(([id]) => id === commands.removeQuotes));
  });
});
