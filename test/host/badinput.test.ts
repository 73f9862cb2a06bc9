// Encrypted files that are not as they should be, and files for which there is no key.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { commands } from '../../src/extension/ids.ts';
import { assertLeft, cleanUp } from './editors.ts';
import { Folder, sealed } from './files.ts';
import { type Key, newKey, onlyKey, useKeys } from './keys.ts';
import { entry, found, run, start } from './support.ts';

const dotenv = 'A=canary-a\nB=canary-b\nC=3\n';
const yaml = 'a: canary-a\nb: canary-b\nc:\n  d: canary-d\n';

/** Another character at the start of an entry's ciphertext. */
const flip = (text: string, name: string) =>
  text.replace(new RegExp(`(\\b${name}[=:" ]+ENC\\[AES256_GCM,data:)(.)`), (_, before, first) => {
    return before + (first === 'A' ? 'B' : 'A');
  });

function swap(text: string, one: string, other: string): string {
  const find = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? assert.fail(name);
  const [first, second] = [find(one), find(other)];
  return text.replace(first, '\0').replace(second, first).replace('\0', second);
}

describe('bad input: an encrypted file', () => {
  let key: Key;

  before(async () => {
    await start();
    key = await onlyKey();
  });
  afterEach(cleanUp);

  const changing: readonly (keyof typeof commands)[] = ['setValue', 'addSecret', 'rotateDataKey', 'decryptFile'];
  const answers = { pick: 'A', secret: 'canary-new', input: 'NEW', confirm: true, choose: 'Decrypt File' };

  /** Every command that would change the file says this one thing. */
  async function assertRefused(folder: Folder, name: string, message: RegExp): Promise<void> {
    await assertLeft(folder, name, async () => {
      const all: string[] = [];
      for (const command of changing) {
        const asked = await run(command, answers);
        assert.match(asked.at(-1) ?? '', message, command);
        assert.ok(asked.at(-1)?.includes(`/${name}: `), 'it names the file');
        all.push(...asked);
      }
      return all;
    });
  }

  /** Locked for editing: what fails has a name, and no verb leads past it. */
  async function assertDamaged(name: string, text: string, failing: readonly string[], problem: RegExp): Promise<void> {
    const folder = new Folder({ [name]: text });
    await assertRefused(folder, name, /does not match its MAC, so it cannot be changed\. .* restore it from there/);
    const problems = await found('the problems', () => {
      const found = vscode.languages.getDiagnostics(folder.uri(name));
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(
      problems.map(({ message }) => problem.test(message)).filter((one) => !one),
      [],
    );
    const [list = ''] = await run('explainFile');
    const named = list.split('\n').flatMap((line) => (line.startsWith('$(warning) ') ? [line.slice(11)] : []));
    assert.deepEqual(named, failing);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      folder.uri(name),
      100,
    );
    const ids = lenses.map((lens) => lens.command?.command);
    assert.ok(ids.includes('lockstep.explainFile'));
    assert.ok(!ids.includes('lockstep.setValue') && !ids.includes('lockstep.addSecret'));
    assert.doesNotMatch(`${list} ${lenses.map((lens) => lens.command?.title)}`, /ignore|anyway|skip/i);
  }

  it('with a damaged value', async () => {
    const text = flip(await sealed('.env', dotenv, [key]), 'A');
    await assertDamaged('.env', text, ['A'], /^A: A value was changed or moved without the key\./);
  });

  it('with two values swapped', async () => {
    const text = swap(await sealed('.env', dotenv, [key]), 'A', 'B');
    await assertDamaged('.env', text, ['A', 'B'], /^[AB]: A value was changed or moved without the key\./);
  });

  it('with a value in clear text in its place', async () => {
    const text = (await sealed('a.yaml', yaml, [key])).replace(/^b: .*/m, 'b: hello');
    await assertDamaged('a.yaml', text, ['b'], /^b: A value that should be encrypted is not\./);
  });

  it('with a changed MAC', async () => {
    const text = flip(await sealed('a.yaml', yaml, [key]), 'mac');
    await assertDamaged('a.yaml', text, [], /^The MAC of the file is damaged\./);
  });

  it('without a MAC', async () => {
    const text = (await sealed('.env', dotenv, [key])).replace(/^sops_mac=.*\n/m, '');
    await assertDamaged('.env', text, [], /^The MAC of the file is missing\./);
  });

  it('with an entry taken out', async () => {
    const text = (await sealed('a.yaml', yaml, [key])).replace(/^b: .*\n/m, '');
    await assertDamaged('a.yaml', text, [], /^The file does not match its MAC\. Somebody changed it without the key\./);
  });

  it('does not give out the value of a damaged entry', async () => {
    const folder = new Folder({ '.env': flip(await sealed('.env', dotenv, [key]), 'A') });
    await vscode.env.clipboard.writeText('mine');
    const id = [folder.uri('.env').toString(), entry('A')];
    const asked = await assertLeft(folder, '.env', async () => [
      ...(await run('copyValue', {}, ...id)),
      ...(await run('revealValue', {}, ...id)),
    ]);
    assert.match(asked[0] ?? '', /\.env: A: A value was changed or moved without the key\. /);
    assert.match(asked[1] ?? '', /Fails verification\n\$\(warning\) A\n/);
    assert.equal(await vscode.env.clipboard.readText(), 'mine');
  });

  for (const [name, plain, block] of [
    ['.env', dotenv, /^sops_[\s\S]*/m],
    ['a.yaml', yaml, /^sops:[\s\S]*/m],
  ] as const) {
    it(`without its metadata: ${name}`, async () => {
      const text = (await sealed(name, plain, [key])).replace(block, '');
      const folder = new Folder({ '.sops.yaml': `creation_rules:\n  - age: ${key.recipient}\n`, [name]: text });
      const missing = /the SOPS metadata is missing\. .* restore it from there/;
      await assertRefused(folder, name, missing);
      // Another layer of encryption would bury the values.
      const [message = ''] = await assertLeft(folder, name, () => run('encryptFile'));
      assert.match(message, missing);
    });
  }

  it('with metadata that cannot be read', async () => {
    const text = (await sealed('a.yaml', yaml, [key])).replace(/^( +)version: .*/m, '$1version: new');
    await assertRefused(new Folder({ 'a.yaml': text }), 'a.yaml', /does not name the version of SOPS that wrote it\. /);
  });

  it('for somebody else', async () => {
    const other = await newKey();
    const folder = new Folder({ 'a.yaml': await sealed('a.yaml', yaml, [other]) });
    await assertRefused(
      folder,
      'a.yaml',
      /None of your keys can read this file\. Import another key, or send your public key/,
    );
    const [list = ''] = await run('explainFile');
    assert.match(list, /Request Access….*\n\$\(copy\) Copy My Public Key\n.*Import a Key\n[\s\S]*\$\(person\) age1/);
  });

  it('without any key', async () => {
    const folder = new Folder({ '.env': await sealed('.env', dotenv, [key]) });
    await useKeys({});
    try {
      await assertRefused(folder, '.env', /You have no key yet, so you cannot read this file\. Import your key/);
      const [message = ''] = await run('copyPublicKey');
      assert.match(message, /^You have no key yet\. Set up secrets in this workspace, or import a key/);
    } finally {
      await useKeys({ 'me@here': key });
    }
  });
});
