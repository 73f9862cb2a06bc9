import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wrapKey } from '../../src/core/age/wrap.ts';
import type { CommentNode, Node } from '../../src/core/format/document.ts';
import { rotate } from '../../src/core/keys/rotate.ts';
import type { Opened } from '../../src/core/open/open.ts';
import { addRule } from '../../src/core/rules/edit.ts';
import { seal } from '../../src/core/seal/seal.ts';
import type { Change } from '../../src/core/seal/sign.ts';
import { showPath } from '../../src/core/tree/path.ts';
import { text } from '../../src/core/tree/value.ts';
import { parseIdentities, recipientOf, unwrapKey } from '../core/age/texts.ts';
import { addEntry, removeEntry, renameEntry, setValue } from '../core/changes.ts';
import { root } from '../core/shared.ts';
import type { Json } from '../core/structure/trees.ts';
import { alice, bob, clock, later, reopen } from '../core/support.ts';
import { Bench, bundledIdentity } from './tools.ts';

const names = { yaml: 'file.yaml', json: 'file.json', dotenv: 'file.env' };
type FormatId = keyof typeof names;

describe('with the real sops and age', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  const decryptJson = (name: string, source: string): Json => {
    bench.write(name, source);
    return JSON.parse(bench.sops(['decrypt', '--output-type', 'json', name])) as Json;
  };

  const encryptWithSops = (name: string, source: string, ...more: string[]): string => {
    bench.write(name, source);
    return bench.sops(['encrypt', '--age', alice.recipient, ...more, name]);
  };

  const example = (file: string) => readFileSync(join(root, 'test', 'example', 'files', file), 'utf8');
  const examples: [FormatId, string][] = [
    ['dotenv', '.env'],
    ['yaml', 'config/secrets.production.yaml'],
    ['json', 'service-account.json'],
  ];

  for (const [format, file] of examples) {
    it(`${file} of the example: sops reads the same from what we wrote as from what it wrote`, async () => {
      const source = example(file);
      const ours = (await seal(source, format, { recipients: [alice.recipient] }, clock)).text;
      const name = names[format];
      assert.deepEqual(decryptJson(name, ours), decryptJson(name, encryptWithSops(name, source)));
      // Comments as well: in sops's own output form, from both.
      if (format === 'json') return;
      bench.write(name, ours);
      const fromOurs = bench.sops(['decrypt', name]);
      bench.write(name, source);
      bench.write(name, bench.sops(['encrypt', '--age', alice.recipient, name]));
      assert.equal(fromOurs, bench.sops(['decrypt', name]));
    });

    it(`${file} of the example: we open what sops wrote, and every edit of ours is one that sops reads`, async () => {
      const name = names[format];
      let opened = await reopen(encryptWithSops(name, example(file)), format);
      assert.deepEqual(opened.verdict, { ok: true });
      const step = async (change: Promise<Change>): Promise<Opened> => {
        const { text: after } = await change;
        const plain = decryptJson(name, after);
        opened = await reopen(after, format);
        assert.deepEqual(opened.verdict, { ok: true });
        assert.deepEqual(plain, tree(opened));
        return opened;
      };
      const first = opened.sealed.leaves.find((leaf) => leaf.type === 'str' && leaf.keySpan) ?? assert.fail();
      await step(setValue(opened, first.id, text('line 1\nline 2 "quoted" #x'), later));
      await step(addEntry(opened, 0, [], 'ADDED', text('new'), later));
      const added = opened.sealed.leaves.find((leaf) => showPath(leaf.path) === 'ADDED') ?? assert.fail();
      await step(renameEntry(opened, added.id, 'RENAMED', later));
      await step(rotate(opened, later));
      await step(removeEntry(opened, (opened.sealed.leaves[0] ?? assert.fail()).id, later));
    });
  }

  it('keeps a file that sops edits afterwards, and sops keeps ours: no other value changes its ciphertext', async () => {
    const ours = (await seal('a: one\nb:\n    c: two\n', 'yaml', { recipients: [alice.recipient] }, clock)).text;
    const path = bench.write('x.yaml', ours);
    bench.sops(['set', 'x.yaml', '["a"]', '"changed"']);
    const after = readFileSync(path, 'utf8');
    const line = (source: string, key: string) => source.split('\n').find((one) => one.trim().startsWith(key));
    assert.equal(line(after, 'c:'), line(ours, 'c:'));
    const opened = await reopen(after, 'yaml');
    assert.deepEqual(opened.verdict, { ok: true });
    assert.deepEqual(tree(opened), { a: 'changed', b: { c: 'two' } });
  });

  it('uses ssh-ed25519 keys as ssh-keygen, age and sops do', async () => {
    const keyPath = join(bench.folder, 'id_ed25519');
    const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'me@here', '-f', keyPath]);
    assert.equal(made.status, 0, 'ssh-keygen');
    const identity = parseIdentities(readFileSync(keyPath, 'utf8'))[0] ?? assert.fail();
    const recipient = readFileSync(`${keyPath}.pub`, 'utf8').trim();
    assert.equal(`${await recipientOf(identity)} me@here`, recipient);
    const key = new Uint8Array(32).fill(6);
    assert.deepEqual(new Uint8Array(bench.age(['-d', '-i', keyPath], await wrapKey(key, recipient))), key);
    assert.deepEqual(await unwrapKey(bench.age(['-R', `${keyPath}.pub`, '-a'], key).toString(), identity), key);
    const { text: ours } = await seal('a: one\n', 'yaml', { recipients: [alice.recipient, recipient] }, clock);
    bench.write('ssh.yaml', ours);
    assert.equal(bench.sops(['decrypt', 'ssh.yaml'], '', { SOPS_AGE_SSH_PRIVATE_KEY_FILE: keyPath }), 'a: one\n');
    bench.write('plain.yaml', 'a: one\n');
    const theirs = bench.sops(['encrypt', '--age', recipient, 'plain.yaml']);
    assert.deepEqual(tree(await reopen(theirs, 'yaml', identity)), { a: 'one' });
  });

  it('writes a .sops.yaml that sops follows', async () => {
    bench.write(
      '.sops.yaml',
      addRule(`creation_rules:\n  - age: ${bob.recipient}\n`, {
        pathRegex: 'x\\.yaml$',
        recipients: [alice.recipient],
      }),
    );
    bench.write('x.yaml', 'a: 1\n');
    const written = bench.sops(['encrypt', 'x.yaml']);
    assert.ok(written.includes(alice.recipient) && !written.includes(bob.recipient));
    assert.deepEqual(tree(await reopen(written, 'yaml')), { a: 1 });
  });

  it('backs keys up in a file that age opens, and opens the one that age makes', async () => {
    const { openIdentityFile, sealIdentityFile } = await bundledIdentity();
    const phrase = 'correct horse battery staple';
    bench.write('ours.age', await sealIdentityFile(`# keys\n${alice.identity}\n`, phrase));
    assert.ok(bench.ageOnTerminal('-d -o ours.txt ours.age', phrase));
    assert.equal(readFileSync(join(bench.folder, 'ours.txt'), 'utf8'), `# keys\n${alice.identity}\n`);
    bench.write('key.txt', `${alice.identity}\n`);
    assert.ok(bench.ageOnTerminal('-p -a -o theirs.age key.txt', `${phrase}\n${phrase}`));
    const theirs = readFileSync(join(bench.folder, 'theirs.age'), 'utf8');
    assert.deepEqual(parseIdentities(await openIdentityFile(theirs, phrase)), [alice.identity]);
    await assert.rejects(openIdentityFile(theirs, 'wrong'), { code: 'BAD_PASSPHRASE' });
  });

  it('wraps data keys in files that age opens, and opens those that age makes', async () => {
    bench.write('key.txt', `${alice.identity}\n`);
    const key = new Uint8Array(32).fill(5);
    assert.deepEqual(new Uint8Array(bench.age(['-d', '-i', 'key.txt'], await wrapKey(key, alice.recipient))), key);
    const theirs = bench.age(['-r', alice.recipient, '-a'], key).toString();
    assert.deepEqual(await unwrapKey(theirs, alice.identity), key);
  });
});

/** The plain tree of an opened file, to be compared with the JSON that sops prints. */
function tree(opened: Opened): Json {
  const child = (node: Node, path: (string | number)[]): Json => {
    if (node.kind === 'map') {
      const entries = node.members.filter((member) => member.kind === 'entry');
      return Object.fromEntries(entries.map((entry) => [entry.key, child(entry.value, [...path, entry.key])]));
    }
    if (node.kind === 'list') return node.items.filter(isItem).map((item, i) => child(item, [...path, i]));
    if (node.kind === 'alias') return child(node.target, path);
    const value = opened.value(JSON.stringify([0, ...path]));
    if (!value || value.type === 'null') return null;
    return value.type === 'int' ? Number(value.value) : (value.value as Json);
  };
  return child(opened.sealed.doc.documents[0] ?? assert.fail(), []);
}

/** Not a comment, and not a string item that holds an encrypted one. */
function isItem(item: Node | CommentNode): item is Node {
  return (
    item.kind !== 'comment' &&
    !(item.kind === 'scalar' && item.scalar.type === 'str' && /^ENC\[.*type:comment\]$/.test(String(item.scalar.value)))
  );
}
