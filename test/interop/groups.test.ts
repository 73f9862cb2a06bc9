import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FormatId } from '../../src/core/format/document.ts';
import { rotate } from '../../src/core/keys/rotate.ts';
import { requiredGroups } from '../../src/core/keys/shamir.ts';
import {
  addGroup,
  addRecipients,
  ageNames,
  deleteGroup,
  keptThreshold,
  removeRecipients,
  updateKeys,
} from '../../src/core/keys/updatekeys.ts';
import { open } from '../../src/core/open/open.ts';
import { explainRule } from '../../src/core/rules/explain.ts';
import { matchRule, parseConfig, type Rule, rulePath } from '../../src/core/rules/rules.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { readSealed, type Sealed } from '../../src/core/sops/sealed.ts';
import { selectorText } from '../../src/core/sops/selection.ts';
import { generateIdentity, recipientOf } from '../core/age/texts.ts';
import { alice, bob, clock, keyringOf, later } from '../core/support.ts';
import { Bench } from './tools.ts';

/** A binary file is JSON with one value. */
type Format = Exclude<FormatId, 'binary'>;

const plain: Record<Format, string> = {
  yaml: '# why\na: one\nlist:\n  - 2\n  - three\nb_unencrypted: open\n---\nc: four\n',
  json: '{"a": "one", "list": [2, "three"], "b_unencrypted": "open"}',
  dotenv: '# why\nA=one\nC=two\nB_unencrypted=open\n',
  ini: '; why\na = one\n\n[list]\nb = two\nc_unencrypted = open\n',
};
const files: Record<Format, string> = { yaml: 'file.yaml', json: 'file.json', dotenv: 'file.env', ini: 'file.ini' };
const formats = Object.keys(plain) as Format[];

describe('key groups, with the real sops', () => {
  let bench: Bench;
  let carol: { identity: string; recipient: string };
  before(async () => {
    const identity = await generateIdentity();
    carol = { identity, recipient: await recipientOf(identity) };
  });
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  const everyone = () => [alice, bob, carol];
  const names = (...numbers: number[]) => ageNames(numbers.map((i) => (everyone()[i] ?? assert.fail()).recipient));
  const ringOf = (numbers: readonly number[]) =>
    keyringOf(...numbers.map((i) => (everyone()[i] ?? assert.fail()).identity));
  const keysOf = (numbers: readonly number[]) => numbers.map((i) => everyone()[i]?.identity).join('\n');

  /** Whether these people together can read the file: by sops, and by us, who must agree. */
  async function canRead(format: Format, text: string, who: readonly number[]): Promise<boolean> {
    bench.write(files[format], text);
    const { status } = bench.trySops(['decrypt', files[format]], keysOf(who));
    const ours = await open(readSealed(text, format), await ringOf(who)).then(
      (opened) => opened.verdict.ok,
      () => false,
    );
    assert.equal(ours, status === 0, `sops ended with ${status}`);
    if (status !== 0) assert.equal(status, 128);
    return ours;
  }

  const subsets = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];

  /** Who together can read the file, as a list of the smallest sets. */
  async function access(format: Format, text: string): Promise<string> {
    const able: number[][] = [];
    for (const who of subsets) {
      if (able.some((one) => one.every((i) => who.includes(i)))) continue;
      if (await canRead(format, text, who)) able.push(who);
    }
    return JSON.stringify(able);
  }

  /** Keys, groups and threshold as the file has them: who can read it follows from these alone. */
  const keysIn = (format: Format, text: string) => {
    const { groups, shamirThreshold } = readSealed(text, format).metadata;
    return [groups.map((keys) => keys.map((key) => key.name).sort()), shamirThreshold];
  };

  const config = (groups: number[][], threshold: number) => {
    const list = groups.map((group) => `      - age: [${group.map((i) => everyone()[i]?.recipient).join(', ')}]\n`);
    return `creation_rules:\n  - shamir_threshold: ${threshold}\n    key_groups:\n${list.join('')}`;
  };

  const bySops = (format: Format, groups: number[][], threshold: number): Sealed => {
    bench.write('.sops.yaml', config(groups, threshold));
    bench.write(files[format], plain[format]);
    return readSealed(bench.sops(['encrypt', files[format]]), format);
  };

  const inFile = (format: Format, text: string, args: string[], who: readonly number[]): string => {
    const path = bench.write(files[format], text);
    bench.sops(args, keysOf(who));
    return readFileSync(path, 'utf8');
  };

  for (const format of formats) {
    for (const [threshold, expected] of [
      [2, '[[0,1],[0,2],[1,2]]'],
      [3, '[[0,1,2]]'],
    ] as const) {
      it(`${format}: ${threshold} of 3, made by us and by sops`, async () => {
        const options = { recipients: [], groups: [names(0), names(1), names(2)], shamirThreshold: threshold };
        const ours = (await seal(plain[format], format, options, clock)).text;
        assert.equal(await access(format, ours), expected);
        assert.equal(await access(format, bySops(format, [[0], [1], [2]], threshold).doc.text), expected);
        const opened = await open(readSealed(ours, format), await ringOf([0, 1, 2]));
        assert.equal(await access(format, (await rotate(opened, later)).text), expected);
      });
    }

    it(`${format}: what sops encrypts with one group and a threshold keeps both`, async () => {
      const file = bySops(format, [[0, 1]], 2);
      assert.deepEqual([file.metadata.groups.length, file.metadata.shamirThreshold], [1, 2]);
      const opened = await open(file, await ringOf([0]));
      const after = (await rotate(opened, later, { addAge: [carol.recipient], rmAge: [bob.recipient] })).text;
      assert.equal(readSealed(after, format).metadata.shamirThreshold, 2);
      assert.equal(await access(format, after), '[[0],[2]]');
    });

    it(`${format}: a new data key with keys added and removed lets in whom sops would`, async () => {
      const file = bySops(format, [[0], [1, 2]], 2);
      const opened = await open(file, await ringOf([0, 1]));
      const options = { addAge: [carol.recipient], rmAge: [bob.recipient] };
      const ours = (await rotate(opened, later, options)).text;
      const args = ['rotate', '-i', '--add-age', carol.recipient, '--rm-age', bob.recipient, files[format]];
      const theirs = inFile(format, file.doc.text, args, [0, 1]);
      assert.equal(await access(format, ours), '[[2]]');
      assert.deepEqual(keysIn(format, theirs), keysIn(format, ours));
    });

    it(`${format}: groups added and deleted let in whom sops would`, async () => {
      const file = bySops(format, [[0]], 0);
      const key = async (at: Sealed, who: number[]) => (await open(at, await ringOf(who))).dataKey;
      const two = readSealed((await addGroup(file, await key(file, [0]), names(1))).text, format);
      const add = ['groups', 'add', '-i', '-f', files[format], '--age', bob.recipient];
      const theirTwo = inFile(format, file.doc.text, add, [0]);
      assert.equal(await access(format, two.doc.text), '[[0,1]]');
      assert.deepEqual(keysIn(format, theirTwo), keysIn(format, two.doc.text));
      const three = readSealed((await addGroup(two, await key(two, [0, 1]), names(2), 2)).text, format);
      const more = ['groups', 'add', '-i', '-f', files[format], '--age', carol.recipient];
      const theirThree = inFile(format, theirTwo, [...more, '--shamir-secret-sharing-threshold', '2'], [0, 1]);
      assert.equal(await access(format, three.doc.text), '[[0,1],[0,2],[1,2]]');
      assert.deepEqual(keysIn(format, theirThree), keysIn(format, three.doc.text));
      const less = readSealed((await deleteGroup(three, await key(three, [0, 1]), 0)).text, format);
      const theirLess = inFile(format, theirThree, ['groups', 'delete', '-i', '-f', files[format], '0'], [0, 1]);
      assert.equal(await access(format, less.doc.text), '[[1,2]]');
      assert.deepEqual(keysIn(format, theirLess), keysIn(format, less.doc.text));
      const one = await deleteGroup(less, await key(less, [1, 2]), 1, 1);
      assert.equal(await access(format, one.text), '[[1]]');
    });

    it(`${format}: sops finds nothing to do after we brought a file up to its rule`, async () => {
      for (const [from, to] of [
        [[[0, 1]], [[0, 2]]],
        [[[0, 1]], [[0], [1], [2]]],
        [
          [[0], [1]],
          [[0, 2], [1]],
        ],
        [[[0], [1], [2]], [[0, 1]]],
      ] as const) {
        const groups = (all: readonly (readonly number[])[]) => all.map((group) => [...group]);
        const file = bySops(format, groups(from), 0);
        const { dataKey } = await open(file, await ringOf([0, 1, 2]));
        bench.write('.sops.yaml', config(groups(to), 0));
        const rule = matchRule(parseConfig(config(groups(to), 0)), files[format]) ?? assert.fail();
        const wanted = groups(to).map((group) => names(...group));
        assert.deepEqual(rule.groups, wanted);
        const threshold = keptThreshold(file.metadata, wanted.length);
        const change = await updateKeys(file, dataKey, wanted, threshold);
        bench.write(files[format], change.text);
        const { status, stderr } = bench.trySops(['updatekeys', '-y', files[format]], keysOf([0, 1, 2]));
        assert.equal(status, 0, stderr);
        assert.match(stderr, /already up to date/);
        const theirs = inFile(format, file.doc.text, ['updatekeys', '-y', files[format]], [0, 1, 2]);
        assert.deepEqual(keysIn(format, change.text), keysIn(format, theirs));
        assert.ok(await canRead(format, change.text, [0, 1, 2]));
      }
    });

    it(`${format}: one more and one fewer reader`, async () => {
      const file = bySops(format, [[0, 1]], 0);
      const { dataKey } = await open(file, await ringOf([0]));
      const more = await addRecipients(file, dataKey, [carol.recipient]);
      assert.equal(await access(format, more.text), '[[0],[1],[2]]');
      const less = await removeRecipients(readSealed(more.text, format), dataKey, [alice.recipient]);
      assert.equal(await access(format, less.text), '[[1],[2]]');
    });
  }

  it('a rule is read as sops reads it: anchors, merge keys, merged groups, lists with commas', () => {
    const [a, b, c] = everyone().map((one) => one.recipient);
    const rules = [
      `age: " ${a} , ${b},"`,
      `age: [${c}, ${a}]`,
      `<<: *two\n    path_regex: .*`,
      `<<: [*two, {age: ${c}, shamir_threshold: 2, encrypted_regex: ^a}]\n    key_groups: [*g, {age: [${b}]}]`,
      `key_groups:\n      - merge: [{merge: [*g], age: [${b}]}, *g]\n        age: ["${a},${c}", ${b}]\n      - *g`,
      `shamir_threshold: 2\n    key_groups:\n      - <<: *g\n      - <<: *g\n        age: [${c}]\n      - merge: [{<<: *g}]`,
      `age: ${c}\n    key_groups: []`,
      `age: ${c}\n    key_groups: [{age: [${a}]}]\n    mac_only_encrypted: yes\n    unencrypted_regex: ^b`,
    ];
    // SOPS writes out what "all groups" means.
    const stored = ({ groups, shamirThreshold }: Pick<Rule, 'groups' | 'shamirThreshold'>) =>
      groups.length > 1 ? requiredGroups(groups.length, shamirThreshold) : shamirThreshold;
    for (const rule of rules) {
      const text = `two: &two\n  age: [${a}, ${b}]\n  path_regex: file\ng: &g\n  age:\n    - ${a}\ncreation_rules:\n  - ${rule}\n`;
      bench.write('.sops.yaml', text);
      bench.write('file.yaml', 'a: one\nb: two\n');
      const { metadata } = readSealed(bench.sops(['encrypt', 'file.yaml']), 'yaml');
      const ours = matchRule(parseConfig(text), 'file.yaml') ?? assert.fail(rule);
      const plainNames = (groups: readonly (readonly { name: string }[])[]) =>
        groups.map((keys) => keys.map((key) => key.name));
      assert.deepEqual(plainNames(ours.groups), plainNames(metadata.groups), rule);
      assert.equal(stored(ours), metadata.shamirThreshold, rule);
      assert.deepEqual(
        [selectorText(ours.selector), ours.selector.kind],
        [selectorText(metadata.selector), metadata.selector.kind],
      );
      assert.equal(ours.macOnlyEncrypted, metadata.macOnlyEncrypted);
    }
  });

  it('a path is matched as sops matches it', () => {
    const text = `creation_rules:\n  - path_regex: ^dir/file\n    encrypted_suffix: first\n    age: ${alice.recipient}\n  - path_regex: /elsewhere/\n    encrypted_suffix: second\n    age: ${alice.recipient}\n  - encrypted_suffix: third\n    age: ${alice.recipient}\n`;
    bench.write('.sops.yaml', text);
    const config = bench.write('empty.yaml', 'a: 1\n').replace('empty.yaml', '.sops.yaml');
    for (const name of ['dir/file.yaml', 'other/dir/file.yaml', 'file.yaml', '../elsewhere/x.yaml', 'dir/filE.yaml']) {
      const at = resolve(bench.folder, name);
      const args = ['--config', config, 'encrypt', '--filename-override', at, '--input-type', 'yaml', 'empty.yaml'];
      const { metadata } = readSealed(bench.sops(args), 'yaml');
      const ours = matchRule(parseConfig(text), rulePath(bench.folder, at)) ?? assert.fail(name);
      assert.equal(selectorText(ours.selector), selectorText(metadata.selector), name);
      assert.equal(explainRule(parseConfig(text), rulePath(bench.folder, at)).chosen?.index, ours.index);
    }
  });
});
