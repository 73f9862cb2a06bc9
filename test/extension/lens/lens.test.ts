import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import type { FileState } from '../../../src/core/session/state.ts';
import { LensProvider } from '../../../src/extension/lens/provider.ts';
import { register } from '../../../src/extension/lens/register.ts';
import { type FakeEditor, fake } from '../../fakes/vscode.ts';
import { plain, sealed, select, stage } from '../mask/stage.ts';

const other = 'age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun';
const never = { isCancellationRequested: false } as never;

describe('lenses', () => {
  let on: ReturnType<typeof stage>;
  beforeEach(() => {
    fake.reset();
    on = stage();
  });

  /** All lenses as `line: titles`. */
  async function lenses(editor: FakeEditor, provider = new LensProvider(on.services)): Promise<string[]> {
    const byLine = new Map<number, string[]>();
    for (const lens of await provider.provideCodeLenses(editor.document as never, never)) {
      const args = lens.command?.arguments ?? [];
      assert.ok(args.every((arg) => typeof arg === 'string'));
      const line = lens.range.start.line;
      byLine.set(line, [...(byLine.get(line) ?? []), lens.command?.title ?? '']);
    }
    return [...byLine].map(([line, titles]) => `${line}: ${titles.join(' | ').replaceAll('\u00a0', ' ')}`);
  }

  async function shown(state: FileState, text = 'A=b\n'): Promise<string[]> {
    const editor = fake.open('/w/x.env', text);
    on.answer(editor, state);
    return lenses(editor);
  }

  it('say what an open file is, and what can be done with each entry', async () => {
    const file = await sealed('A=one\nB=two\n', 'dotenv');
    assert.deepEqual(await shown(await file.opened(), file.text), [
      '0: $(lock) 2 secrets · readable by you only | Open Secrets Editor | Add Secret | Copy | Set | Reveal | More…',
      '1: Copy | Set | Reveal | More…',
    ]);
    const shared = await sealed('A=one\n', 'dotenv', [other]);
    const [first] = await shown(await shared.opened(), shared.text);
    assert.match(
      first ?? '',
      /^0: \$\(lock\) 1 secret · readable by you and 1 other \| Open Secrets Editor \| Add Secret/,
    );
  });

  it('come with their commands: what VS Code resolves later it may take from a list that is gone', async () => {
    const file = await sealed('A=one\nB=two\n', 'dotenv');
    const editor = fake.open('/w/x.env', file.text);
    on.answer(editor, await file.opened());
    const provider = new LensProvider(on.services);
    const all = await provider.provideCodeLenses(editor.document as never, never);
    assert.ok(all.length > 0 && all.every((lens) => lens.command !== undefined));
    assert.ok(!('resolveCodeLens' in provider));
  });

  it('offer to take off quotes that are a part of a value', async () => {
    const file = await sealed('A="one"\nB=two\nC="open\n', 'dotenv');
    assert.deepEqual((await shown(await file.opened(), file.text)).slice(0, 3), [
      '0: $(lock) 3 secrets · readable by you only | Open Secrets Editor | Add Secret | Copy | Set | Reveal | More… | ' +
        'The quotes are part of this value · Remove Quotes',
      '1: Copy | Set | Reveal | More…',
      '2: Copy | Set | Reveal | More…',
    ]);
    const yaml = await sealed('A: \'"one"\'\n', 'yaml');
    assert.doesNotMatch((await shown(await yaml.opened(), yaml.text)).join(), /Remove Quotes/);
  });

  it('offer only what works', async () => {
    const file = await sealed('A=one\nB=two\n', 'dotenv');
    const { sealed: closed } = await file.opened();
    const unreadable = (
      code: 'NO_IDENTITY' | 'NO_AGE_RECIPIENT',
      kinds: { kind: 'kms'; name: string }[] = [],
    ): FileState => ({
      kind: 'unreadable',
      sealed: { ...closed, metadata: { ...closed.metadata, foreign: kinds } },
      error: new LockstepError(code),
    });
    assert.deepEqual(await shown({ kind: 'locked', sealed: closed }, file.text), ['0: $(lock) Locked · Unlock']);
    assert.deepEqual(await shown(unreadable('NO_IDENTITY'), file.text), [
      '0: $(error) You cannot read this file · Why?',
    ]);
    assert.deepEqual(await shown(unreadable('NO_AGE_RECIPIENT', [{ kind: 'kms', name: 'arn' }]), file.text), [
      '0: $(info) Needs AWS KMS · How',
    ]);
    assert.deepEqual(await shown({ kind: 'none' }), []);
  });

  it('offer no change in Restricted Mode, and say what is plaintext all the same', async () => {
    const file = await sealed('A="one"\nB=two\n', 'dotenv');
    fake.trusted = false;
    try {
      const lenses = await shown(await file.opened(), file.text);
      assert.doesNotMatch(lenses.join(), /Set|Add|Quotes/);
      assert.match(lenses.join(), /Copy \| Reveal/);
      assert.deepEqual(await shown(plain('A=b\n', 'dotenv'), 'A=b\n'), ['0: $(unlock) 1 value is plaintext | Why?']);
    } finally {
      fake.trusted = true;
    }
  });

  it('tell damage', async () => {
    const file = await sealed('A=one\nB=two\nC=three\n', 'dotenv');
    const [a, b] = [...file.text.matchAll(/ENC\[.*\]/g)].map((match) => match[0]);
    const swapped = file.text.replace(a!, '%').replace(b!, a!).replace('%', b!);
    assert.deepEqual(await shown(await file.opened(swapped), swapped), [
      '0: $(warning) 2 entries fail verification · Show | Open Secrets Editor',
      '2: Copy | Reveal',
    ]);
    const added = file.text.replace('sops_', 'D_unencrypted=5\nsops_');
    const [first] = await shown(await file.opened(added), added);
    assert.match(first ?? '', /^0: \$\(warning\) This file fails verification · Show/);
  });

  it('offer to encrypt a plain file', async () => {
    assert.deepEqual(await shown(plain('A=b\nC=d\n', 'dotenv')), [
      '0: $(unlock) 2 values are plaintext · Encrypt This File | Why?',
    ]);
    assert.deepEqual(await shown(plain('A=b\n', 'dotenv')), [
      '0: $(unlock) 1 value is plaintext · Encrypt This File | Why?',
    ]);
  });

  it('follow the cursor in a long file, and only when the entry changes', async () => {
    const file = await sealed(Array.from({ length: 20 }, (_, i) => `K${i}=v${i}\n`).join(''), 'dotenv');
    const feature = register(on.services);
    const editor = fake.open('/w/x.env', file.text);
    on.answer(editor, await file.opened());
    const provider = fake.providers[0]?.provider as LensProvider;
    await lenses(editor, provider);
    let refreshed = 0;
    provider.onDidChangeCodeLenses(() => refreshed++);
    const line = (n: number) => editor.document.offsetAt({ line: n, character: 0 } as never);
    const pause = () => new Promise((resolve) => setTimeout(resolve, 160));
    select(editor, line(3));
    await pause();
    assert.deepEqual((await lenses(editor, provider)).slice(1), ['3: Copy | Set | Reveal | More…']);
    const after = refreshed;
    select(editor, line(3) + 1);
    await pause();
    assert.equal(refreshed, after);
    for (const n of [4, 5, 6]) select(editor, line(n));
    await pause();
    assert.equal(refreshed, after + 1);
    feature.disposable.dispose();
  });

  it('hide what is revealed, and say nothing of lines while presenting', async () => {
    const file = await sealed('A: one\nB: "x\\ny"\n', 'yaml');
    const editor = fake.open('/w/x.yaml', file.text);
    const state = await file.opened();
    on.answer(editor, state);
    on.services.revealed.set(String(editor.document.uri), state.sealed.leaves[0]?.id);
    const rows = async () => (await lenses(editor)).map((row) => row.replace(/.*Add Secret \| /, ''));
    assert.deepEqual(await rows(), ['Copy | Set | Hide | More…', '1: Copy | Open Secrets Editor | Reveal | More…']);
    on.services.revealed.set();
    on.presentation.set(true);
    assert.deepEqual(await rows(), ['Copy | Set | Reveal | More…', '1: Copy | Set | Reveal | More…']);
  });

  it('hold no value', async () => {
    const file = await sealed('A=S3CR3T\n', 'dotenv');
    assert.ok(!JSON.stringify(await shown(await file.opened(), file.text)).includes('S3CR3T'));
  });
});
