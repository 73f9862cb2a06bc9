import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { sopsLevel, version } from '../../src/cli/version.ts';
import { alice, bob } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { builtSops, Place, type Ran, sopsPath } from './sops.ts';

const to = ['--age', alice.recipient];

/** Command lines that fail, and what both programs say; where it is the whole of their standard error, with its line end. */
const failures: readonly (readonly [words: readonly string[], phrase: string, env?: NodeJS.ProcessEnv])[] = [
  [[], 'Error: no file specified'],
  [['decrypt', 'plain.yaml'], 'sops metadata not found'],
  [['set', 'plain.yaml', '["a"]', '1'], 'sops metadata not found'],
  [['decrypt', 'none.yaml'], 'Error: cannot operate on non-existent file "'],
  [['edit', 'folder'], 'Error reading file: read '],
  [['rotate', 'none.yaml'], 'Error reading file: open '],
  [['decrypt', '--output', 'none/x', 'enc.yaml'], 'Could not open output file for writing: open none/x'],
  [['decrypt', 'badmac.yaml'], 'MAC mismatch. File has '],
  [['decrypt', 'nomac.yaml'], 'MAC mismatch. File has no MAC'],
  [['decrypt', 'moved.yaml'], 'cipher: message authentication failed'],
  [['decrypt', 'added.yaml'], "does not match sops' data format"],
  [['encrypt', ...to, 'enc.yaml'], "The file you have provided contains a top-level entry called 'sops', or for"],
  [['encrypt', ...to, 'empty.yaml'], 'File cannot be completely empty, it must contain at least one document'],
  [['encrypt', ...to, 'broken.yaml'], 'Error unmarshalling file'],
  [['encrypt', 'plain.yaml'], 'config file not found, or has no creation rules'],
  [['--config', 'rules.yaml', 'encrypt', 'plain.yaml'], 'error loading config: no matching creation rules found'],
  [['--config', 'bad.yaml', 'encrypt', 'plain.yaml'], 'error loading config: Could not unmarshal config file'],
  [['--config', 'empty.rules', 'encrypt', 'plain.yaml'], 'Could not generate data key: [empty key group provided]\n'],
  [
    ['rotate', '-i', '--rm-age', alice.recipient, 'enc.yaml'],
    'Could not generate data key: [empty key group provided]\n',
  ],
  [['encrypt', '--age', 'age1x', 'plain.yaml'], 'failed to parse input as Bech32-encoded age public key'],
  [['encrypt', ...to], 'Error: must specify --filename-override when reading from stdin'],
  [['decrypt', '-i'], 'Error: cannot use --in-place when reading from stdin'],
  [['decrypt', '-i', '--output', 'x', 'enc.yaml'], 'Error: cannot operate on both --output and --in-place'],
  [['decrypt', '--extract', '["none"]', 'enc.yaml'], "error truncating tree: component ['none'] not found"],
  [['decrypt', '--extract', '["list"][7]', 'enc.yaml'], 'error truncating tree: component [7] accesses out of bounds'],
  [['decrypt', '--extract', 'a', 'enc.yaml'], 'error parsing --extract path'],
  [['set', 'enc.yaml', 'a', '1'], 'Invalid set index format'],
  [['unset', 'enc.yaml', 'a'], 'Invalid unset index format'],
  [['unset', 'enc.yaml', '["none"]'], 'Key not found: none'],
  [['unset', 'enc.yaml', '["list"][7]'], 'Index 7 out of bounds'],
  [['set', 'enc.yaml', '["a"]', 'x'], 'Value for --set is not valid JSON'],
  [['set', 'enc.yaml'], 'Error: no file specified, or index and value are missing. Need precisely 3'],
  [['unset', 'enc.yaml'], 'Error: no file specified, or index is missing'],
  [['decrypt', '--output-type', 'dotenv', 'enc.yaml'], 'Error dumping file'],
  [['decrypt', '--decryption-order', 'age,age', 'enc.yaml'], 'Duplicate decryption key type: age'],
  [['decrypt', '--nonsense', 'enc.yaml'], 'flag provided but not defined: -nonsense'],
  [['exec-env', 'enc.yaml', 'true'], 'cannot use complex value in environment; offending key list'],
  [['exec-env', 'enc.yaml'], 'error: missing file to decrypt'],
  [['updatekeys', '-y', 'enc.yaml'], 'config file not found'],
  [['--config', 'rules.yaml', 'updatekeys', '-y', 'enc.yaml', 'plain.yaml'], 'failed updating 2 key(s)'],
  [['rotate', '--add-age', alice.recipient, 'none.yaml'], 'Error: cannot add or remove keys on non-existent file "'],
  [['edit', 'enc.yaml'], 'File has not changed, exiting.', { EDITOR: 'true' }],
  [['edit', 'enc.yaml'], 'Could not run editor', { EDITOR: 'false' }],
  [
    ['decrypt', 'enc.yaml'],
    'Failed to get the data key required to decrypt the SOPS file.\n',
    { SOPS_AGE_KEY: bob.identity },
  ],
  [['decrypt', 'enc.yaml'], 'failed to load age identities', { SOPS_AGE_KEY: '' }],
];

describe('the command line under the name sops', () => {
  let program: string;
  let places: [theirs: Place, ours: Place];
  before(async function () {
    skipFor(this, windows);
    program = await builtSops();
    places = [new Place(sopsPath), new Place(program)];
    const [theirs] = places;
    theirs.write('src.yaml', 'a: one\nb: two\nlist:\n    - x\nseen_unencrypted: one\n');
    const { out } = theirs.sops(['encrypt', ...to, 'src.yaml']);
    const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(out)?.[1] ?? '';
    for (const place of places) {
      place.write('enc.yaml', out);
      place.write('badmac.yaml', out.replace('seen_unencrypted: one', 'seen_unencrypted: two'));
      place.write('nomac.yaml', out.replace(/^ {4}mac: .*\n/m, ''));
      place.write('moved.yaml', out.replace(line('a'), line('b')));
      place.write('added.yaml', `added: plain\n${out}`);
      place.write('plain.yaml', 'a: one\n');
      place.write('empty.yaml', '');
      place.write('broken.yaml', 'a: "open\n');
      place.write('folder/x', '');
      place.write('rules.yaml', `creation_rules:\n  - path_regex: other\n    age: ${alice.recipient}\n`);
      place.write('empty.rules', 'creation_rules:\n  - path_regex: plain\n');
      place.write('bad.yaml', 'creation_rules: [\n');
    }
  });
  after(() => {
    for (const place of places ?? []) place.dispose();
    rmSync(program, { force: true });
  });

  for (const [words, phrase, env] of failures) {
    const title = words.map((word) => (word.startsWith('age1') ? 'age1…' : word)).join(' ');
    it(`says what sops says: ${title || 'no word at all'}: ${phrase.trim()}`, () => {
      const [their, our] = places.map((place) => place.sops(words, env)) as [Ran, Ran];
      assert.ok(their.err.replace(/\s+(?:\|\s)?/g, ' ').includes(phrase.trim()), `the real one: ${their.err}`);
      assert.equal(our.code, their.code, our.err);
      if (phrase.includes('key group')) assert.equal(our.err, their.err);
      else assert.ok(our.err.includes(phrase), our.err);
      assert.ok(phrase.includes('key group') || /^lockstep: ./m.test(our.err), 'and what to do');
    });
  }

  it('has the version of sops', () => {
    const [theirs, ours] = places;
    const [their, our] = [theirs, ours].map((place) => place.sops(['--version', '--disable-version-check']));
    assert.deepEqual(our, their);
    assert.equal(our?.out, `sops ${sopsLevel}\n`);
    assert.equal(ours.sops(['--version']).out, `sops ${sopsLevel} (Lockstep ${version})\n`);
    assert.equal(ours.sops(['-v']).out, `sops ${sopsLevel} (Lockstep ${version})\n`);
  });

  it('takes a word that is no verb for a file', () => {
    const [theirs, ours] = places;
    for (const place of [theirs, ours]) {
      place.write('secrets', place.read('enc.yaml'));
      const types = ['--input-type', 'yaml', '--output-type', 'yaml'];
      assert.match(place.sops(['-d', ...types, 'secrets']).out, /^a: one\n/);
      assert.equal(place.sops(['-d', ...types, 'none']).code, 100);
      assert.equal(place.sops(['-e', ...to, 'none']).code, 100);
      assert.equal(place.sops([...types, ...to, 'new'], { EDITOR: 'true' }).code, 200, 'a new file');
    }
  });

  it('opens encrypted JSON under any name, and from standard input', () => {
    const [theirs, ours] = places;
    theirs.write('src.json', '{"a": {"b": "c"}}');
    const sealed = theirs.sops(['encrypt', ...to, 'src.json']).out;
    for (const place of [theirs, ours]) {
      place.write('noending', sealed);
      const words = ['decrypt', '--output-type', 'json'];
      const [file, piped] = [place.sops([...words, 'noending']), place.sops(words, {}, sealed)];
      assert.deepEqual(JSON.parse(file.out), { a: { b: 'c' } });
      assert.equal(piped.out, file.out);
      assert.equal(place.sops(['decrypt', '--extract', '["a"]["b"]', '--output-type', 'json', 'noending']).code, 0);
    }
    assert.deepEqual(JSON.parse(ours.sops(['decrypt'], {}, sealed).out), { a: { b: 'c' } }, 'where sops fails');
  });

  it('logs a change of keys in the words of sops', () => {
    const log = (text: string) => text.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /gm, '').replaceAll(/\/\S+\//g, '');
    const [their, our] = places.map((place) => {
      place.write('both.yaml', `creation_rules:\n  - age: ${alice.recipient},${bob.recipient}\n`);
      const words = ['--config', 'both.yaml', 'updatekeys', '-y', 'enc.yaml'];
      return [place.sops(words), place.sops(words)].map(({ out, err }) => [out, log(err)]);
    });
    assert.deepEqual(our, their);
  });
});
