import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits } from '../../../src/core/format/document.ts';
import { DataKey } from '../../../src/core/keys/datakey.ts';
import { rotate } from '../../../src/core/keys/rotate.ts';
import { combineParts, splitKey } from '../../../src/core/keys/shamir.ts';
import { UnwrapError, unwrapDataKey } from '../../../src/core/keys/unwrap.ts';
import {
  addGroup,
  addRecipients,
  deleteGroup,
  planKeys,
  removeRecipients,
  updateKeys,
} from '../../../src/core/keys/updatekeys.ts';
import { type Opened, open, openWith } from '../../../src/core/open/open.ts';
import { seal, sealBytes } from '../../../src/core/seal/seal.ts';
import { readSealed, type Sealed } from '../../../src/core/sops/sealed.ts';
import { text } from '../../../src/core/tree/value.ts';
import { parseIdentities } from '../age/texts.ts';
import { addEntry, editText, plainTextOf, removeEntry, setValue } from '../changes.ts';
import { fixtures } from '../shared.ts';
import { alice, bob, clock, formatOf, keyringOf, later, reopen } from '../support.ts';
import { applied, changed, formats, groupsOf, names, openFor, person, plain, sealed, valuesOf } from './people.ts';

const plainOf = (opened: Opened, id: string) => {
  const value = opened.value(id);
  return value?.type === 'str' ? value.value : assert.fail();
};

const lines = (text: string) => text.split('\n');
const differing = (before: string, after: string) => {
  const old = new Set(lines(before));
  return lines(after).filter((line) => !old.has(line)).length;
};

describe("Shamir's parts", () => {
  it('are refused when they cannot belong together', async () => {
    const [one, two] = await splitKey(new Uint8Array(32), 2, 2);
    assert.ok(one && two);
    const alone = Uint8Array.from(two.with(32, 0));
    for (const parts of [[one], [one, one], [one, two.subarray(1)], [one, alone], []])
      await assert.rejects(combineParts(parts), { code: 'BAD_DATA_KEY' });
    for (const [groups, threshold] of [
      [2, 1],
      [2, 3],
      [2, -1],
      [2, 1.5],
      [300, 2],
    ] as const)
      await assert.rejects(splitKey(new Uint8Array(32), groups, threshold), { code: 'KEY_GROUPS' });
  });
});

for (const format of formats) {
  describe(`a file with key groups: ${format}`, () => {
    it('opens with as many groups as are needed, whoever they are, and not with fewer', async () => {
      const file = await sealed(format, [[0], [1, 3], [2]], 2);
      assert.equal(file.metadata.shamirThreshold, 2);
      for (const who of [
        [0, 1],
        [3, 2],
        [2, 0],
        [0, 1, 2],
      ]) {
        const opened = await openFor(file, ...who);
        assert.deepEqual(opened.verdict, { ok: true });
        assert.deepEqual([...opened.ownRecipients].sort(), who.map((i) => person(i).recipient).sort());
      }
      for (const who of [[0], [1, 3]])
        await assert.rejects(openFor(file, ...who), { code: 'NOT_A_RECIPIENT', place: { missing: 1 } });
      await assert.rejects(openFor(file, 4), { code: 'NOT_A_RECIPIENT', place: { missing: 2 } });
    });

    it('tells of each group and key how far one came', async () => {
      const file = await sealed(format, [[0], [1, 3], [2]]);
      const error = await openFor(file, 3).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof UnwrapError);
      assert.equal(error.required, 3);
      assert.deepEqual(
        error.groups.map((group) => group.keys.map((key) => key.result)),
        [['shut'], ['untried', 'opened'], ['shut']],
      );
      assert.ok(!/AGE-SECRET|BEGIN/.test(JSON.stringify(error)));
    });

    it('lets one identity open several groups', async () => {
      const file = await sealed(format, [[0, 1], [0], [2]], 2);
      const opened = await openFor(file, 0);
      assert.deepEqual(opened.verdict, { ok: true });
      assert.deepEqual(opened.ownRecipients, [alice.recipient]);
    });

    it('gets a new data key for the same groups', async () => {
      const file = await sealed(format, [[0], [1], [2]], 2);
      const opened = await openFor(file, 0, 1);
      const after = readSealed((await rotate(opened, later)).text, format);
      assert.deepEqual(groupsOf(after), [[0], [1], [2]]);
      for (const who of [
        [0, 1],
        [1, 2],
        [0, 2],
      ]) {
        const again = await openFor(after, ...who);
        assert.deepEqual(again.verdict, { ok: true });
        assert.deepEqual(valuesOf(again), valuesOf(opened));
        assert.ok(!again.dataKey.equals(opened.dataKey));
      }
      await assert.rejects(openFor(after, 0), { code: 'NOT_A_RECIPIENT' });
    });

    it('gets a new data key for others: added to the first group, removed from all', async () => {
      const file = await sealed(format, [[0, 3], [1, 3], [2]], 2);
      const opened = await openFor(file, 0, 1);
      const options = { addAge: [person(4).recipient, alice.recipient], rmAge: [person(3).recipient, 'age1nobody'] };
      const change = await rotate(opened, later, options);
      assert.equal(applyEdits(file.doc.text, change.edits), change.text);
      const after = readSealed(change.text, format);
      assert.deepEqual(groupsOf(after), [[0, 4], [1], [2]]);
      const again = await openFor(after, 4, 1);
      assert.deepEqual(again.verdict, { ok: true });
      assert.deepEqual(valuesOf(again), valuesOf(opened));
      await assert.rejects(openFor(after, 3), { code: 'NOT_A_RECIPIENT' });
      await assert.rejects(rotate(opened, later, { rmAge: [person(2).recipient] }), { code: 'KEY_GROUPS' });
    });

    it('grows and shrinks by groups, values untouched', async () => {
      let file = await sealed(format, [[0]]);
      file = await changed(file, [0], (at, key) => addGroup(at, key, names(1)));
      assert.equal(file.metadata.shamirThreshold, 2);
      await assert.rejects(openFor(file, 0), { code: 'NOT_A_RECIPIENT' });
      file = await changed(file, [0, 1], (at, key) => addGroup(at, key, names(2, 3), 2));
      assert.deepEqual(groupsOf(file), [[0], [1], [2, 3]]);
      assert.deepEqual((await openFor(file, 1, 3)).verdict, { ok: true });
      file = await changed(file, [0, 1], (at, key) => deleteGroup(at, key, 0));
      assert.deepEqual(groupsOf(file), [[1], [2, 3]]);
      assert.deepEqual((await openFor(file, 1, 2)).verdict, { ok: true });
      const { dataKey } = await openFor(file, 1, 2);
      await assert.rejects(deleteGroup(file, dataKey, 0), { code: 'KEY_GROUPS' });
      await assert.rejects(deleteGroup(file, dataKey, 7, 1), { code: 'KEY_GROUPS' });
      file = await changed(file, [1, 2], (at, key) => deleteGroup(at, key, 0, 1));
      assert.deepEqual(groupsOf(file), [[2, 3]]);
      assert.deepEqual((await openFor(file, 3)).verdict, { ok: true });
    });

    it('changes everything when one person joins one of several groups', async () => {
      const file = await sealed(format, [[0], [1], [2]], 2);
      const after = await changed(file, [0, 1], (at, key) => addRecipients(at, key, [person(4).recipient], 2));
      assert.deepEqual(groupsOf(after), [[0], [1], [2, 4]]);
      assert.deepEqual((await openFor(after, 0, 4)).verdict, { ok: true });
      const without = await changed(after, [0, 1], (at, key) => removeRecipients(at, key, [person(2).recipient]));
      assert.deepEqual(groupsOf(without), [[0], [1], [4]]);
      await assert.rejects(openFor(without, 2), { code: 'NOT_A_RECIPIENT' });
    });
  });

  describe(`who can read a file of one group: ${format}`, () => {
    it('changes by lines: existing recipients keep their wrapped key', async () => {
      const file = await sealed(format, [[0, 1]]);
      const after = await changed(file, [0], (at, key) => addRecipients(at, key, [person(2).recipient]));
      assert.deepEqual(groupsOf(after), [[0, 1, 2]]);
      assert.deepEqual(lines(file.doc.text).filter((line) => !after.doc.text.includes(line)).length, 0);
      assert.deepEqual((await openFor(after, 2)).verdict, { ok: true });
      const less = await changed(after, [0], (at, key) => removeRecipients(at, key, [alice.recipient]));
      assert.deepEqual(groupsOf(less), [[1, 2]]);
      assert.ok(differing(after.doc.text, less.doc.text) <= (format === 'dotenv' || format === 'ini' ? 4 : 0));
      await assert.rejects(openFor(less, 0), { code: 'NOT_A_RECIPIENT' });
      assert.deepEqual((await openFor(less, 1)).verdict, { ok: true });
    });

    it('says what changes before any key is used, and does nothing when nothing does', async () => {
      const file = await sealed(format, [[0, 1]]);
      const plan = planKeys(file.metadata, [names(2, 0, 2)], 0);
      assert.deepEqual(plan.diff, [{ kept: names(0), added: names(2), removed: names(1) }]);
      assert.ok(plan.changed);
      const { dataKey } = await openFor(file, 0);
      const same = await updateKeys(file, dataKey, [names(1, 0)], 0);
      assert.deepEqual([same.edits, same.text, same.plan.changed], [[], file.doc.text, false]);
    });

    it('replaces everybody at once', async () => {
      const file = await sealed(format, [[0, 1]]);
      const after = await changed(file, [0], (at, key) => updateKeys(at, key, [names(2, 3)], 0));
      assert.deepEqual(groupsOf(after), [[2, 3]]);
      const back = await changed(after, [2], (at, key) => updateKeys(at, key, [names(0), names(1)], 0));
      assert.deepEqual((await openFor(back, 0, 1)).verdict, { ok: true });
    });

    it('cannot be nobody, nor what age cannot encrypt to', async () => {
      const file = await sealed(format, [[0]]);
      const { dataKey } = await openFor(file, 0);
      await assert.rejects(removeRecipients(file, dataKey, [alice.recipient]), { code: 'NO_RECIPIENTS' });
      await assert.rejects(addRecipients(file, dataKey, ['age1x']), { code: 'BAD_RECIPIENT' });
      await assert.rejects(updateKeys(file, dataKey, [[...names(0), { kind: 'pgp', name: 'ABC' }]], 0), {
        code: 'FOREIGN_MASTER_KEY',
        place: { kind: 'pgp' },
      });
      await assert.rejects(updateKeys(file, dataKey, [names(0), []], 0), { code: 'KEY_GROUPS' });
      await assert.rejects(updateKeys(file, await DataKey.generate(), [names(1)], 0), { code: 'BAD_DATA_KEY' });
    });
  });
}

describe('who can read a file, however it is set out', () => {
  it('changes a binary file, too', async () => {
    const bytes = Uint8Array.from([0, 255, 10, 13, 128]);
    const options = { recipients: [], groups: [names(0), names(1)] };
    const { sealed: file } = await sealBytes(bytes, 'binary', options, clock);
    assert.deepEqual(groupsOf(file), [[0], [1]]);
    const more = await changed(file, [0, 1], (at, key) => addGroup(at, key, names(2), 2));
    const one = await changed(more, [0, 2], (at, key) => updateKeys(at, key, [names(1, 2)], 0));
    const opened = await openFor(one, 1);
    assert.deepEqual([opened.verdict, valuesOf(opened)], [{ ok: true }, [{ type: 'str', value: bytes }]]);
    const rotated = await rotate(opened, later, { addAge: [person(3).recipient] });
    assert.deepEqual((await openFor(readSealed(rotated.text, 'binary'), 3)).verdict, { ok: true });
  });

  it('keeps unknown fields, comments and indentation', async () => {
    const file = await sealed('yaml', [[0, 1]]);
    const odd = file.doc.text
      .replace('sops:\n', 'sops:\n    # ours\n    zz_unknown: {a: 1}\n')
      .replace('        - enc: |', '        # first\n        - note: "kept"\n          enc: |');
    const at = readSealed(odd, 'yaml');
    const { dataKey } = await openFor(at, 0);
    const after = applied(at, await addRecipients(at, dataKey, [person(2).recipient]));
    for (const line of lines(odd)) assert.ok(after.doc.text.includes(line), line);
    const moved = applied(after, await addGroup(after, dataKey, names(3)));
    assert.match(moved.doc.text, /# ours\n {4}zz_unknown: \{a: 1\}\n/);
    assert.ok(!/^ {4}age:/m.test(moved.doc.text));
  });

  it('writes into flow style, legacy empty lists, another indentation and other cases of names', async () => {
    const source = 'a: one # why\nlist: [2, three]\n';
    const { sealed: file } = await seal(source, 'yaml', { recipients: [alice.recipient] }, clock);
    const { mac, lastModified } = file.metadata;
    const data = file.doc.text.slice(0, file.doc.text.indexOf('sops:'));
    const rest = `lastmodified: "${lastModified}"`;
    const q = JSON.stringify(file.metadata.groups[0]?.[0]?.enc);
    const blocks = [
      `sops: {kms: [], age: [{recipient: ${alice.recipient}, enc: ${q}}], ${rest}, mac: "${mac}", version: 3.9.0}\n`,
      `sops:\n  kms: []\n  pgp: null\n  AGE:\n  - recipient: ${alice.recipient}\n    enc: ${q}\n  ${rest}\n  mac: "${mac}"\n  version: 3.9.0\n`,
      `sops:\n  age: {recipient: ${alice.recipient}, enc: ${q}}\n  ${rest}\n  mac: "${mac}"\n  version: 3.9.0`,
      `sops:\n  version: 3.9.0\n  ${rest}\n  mac: "${mac}"\n  age: [{recipient: ${alice.recipient}, enc: ${q}}]`,
      `sops:\n  version: 3.9.0\n  ${rest}\n  mac: "${mac}"\n  key_groups:\n  - age:\n    - recipient: ${alice.recipient}\n      enc: ${q}\n`,
    ];
    for (const block of blocks) {
      const at = readSealed(data + block, 'yaml');
      const { dataKey } = await openFor(at, 0);
      for (const groups of [[[0, 1]], [[1]], [[0], [1]]]) {
        const change = await updateKeys(
          at,
          dataKey,
          groups.map((group) => names(...group)),
          0,
        );
        const after = readSealed(change.text, 'yaml');
        assert.deepEqual(groupsOf(after), groups, block);
        const opened = await open(after, await keyringOf(alice.identity, bob.identity));
        assert.deepEqual(opened.verdict.ok, true, block);
      }
    }
  });

  it('puts JSON on one line, with tabs, or with two spaces as it is', async () => {
    for (const indent of [undefined, '\t', '  ']) {
      const source = JSON.stringify(JSON.parse((await sealed('json', [[0, 1]])).doc.text), null, indent);
      const at = readSealed(source, 'json');
      const { dataKey } = await openFor(at, 0);
      const more = applied(at, await addRecipients(at, dataKey, [person(2).recipient]));
      assert.equal(more.doc.text, JSON.stringify(JSON.parse(more.doc.text), null, indent));
      const groups = applied(more, await addGroup(more, dataKey, names(3)));
      assert.equal(groups.doc.text, JSON.stringify(JSON.parse(groups.doc.text), null, indent));
    }
  });

  it('keeps CRLF', async () => {
    for (const format of ['yaml', 'json', 'ini'] as const) {
      const source = plain[format].replaceAll('\n', '\r\n');
      const { sealed: file } = await seal(source, format, { recipients: [], groups: [names(0, 1)] }, clock);
      const more = await changed(file, [0], (at, key) => addRecipients(at, key, [person(2).recipient]));
      const groups = await changed(more, [0], (at, key) => addGroup(at, key, names(3)));
      for (const { doc } of [more, groups]) assert.ok(!/[^\r]\n/.test(doc.text), format);
    }
  });

  it('writes at the end of a text without a line break', async () => {
    for (const format of formats) {
      const file = await sealed(format, [[0, 1]]);
      const end = readSealed(file.doc.text.trimEnd(), format);
      const more = await changed(end, [0], (at, key) => addRecipients(at, key, [person(2).recipient]));
      const groups = await changed(more, [0], (at, key) => addGroup(at, key, names(3)));
      assert.deepEqual((await openFor(groups, 1, 3)).verdict, { ok: true });
    }
  });

  it('refuses metadata in which a field stands twice', async () => {
    const file = await sealed('json', [[0]]);
    const text = file.doc.text.replace('"version":', '"age": [], "version":');
    assert.throws(() => readSealed(text, 'json'), { code: 'BAD_METADATA', message: /twice/ });
  });

  it('takes flat lists before groups, and a threshold that is a string', async () => {
    const file = await sealed('yaml', [[0], [1]]);
    const text = file.doc.text.replaceAll('shamir_threshold: 2', 'Shamir_Threshold: "2"');
    assert.equal(readSealed(text, 'yaml').metadata.shamirThreshold, 2);
    assert.throws(() => readSealed(file.doc.text.replaceAll('threshold: 2', 'threshold: two'), 'yaml'), {
      code: 'BAD_METADATA',
    });
    const both = text.replaceAll('    key_groups:', '    pgp:\n        - fp: ABC\n          enc: x\n    key_groups:');
    const { metadata } = readSealed(both, 'yaml');
    assert.deepEqual(
      metadata.groups.map((keys) => keys.map(({ kind, name }) => [kind, name])),
      [[['pgp', 'ABC']]],
    );
    await assert.rejects(unwrapDataKey(metadata, await keyringOf(alice.identity)), { code: 'NO_AGE_RECIPIENT' });
  });

  it('gives no data key out of parts of two files', async () => {
    const [one, two] = [await sealed('json', [[0], [1]]), await sealed('json', [[0], [1]])];
    const enc = (file: Sealed) => file.metadata.groups[1]?.[0]?.enc ?? assert.fail();
    const mixed = JSON.parse(one.doc.text);
    mixed.sops.key_groups[1].age[0].enc = enc(two);
    const opened = await openFor(readSealed(JSON.stringify(mixed), 'json'), 0, 1).catch((error: unknown) => error);
    if (opened instanceof Error) assert.equal((opened as { code?: string }).code, 'BAD_DATA_KEY');
    else assert.ok(!(opened as Opened).verdict.ok);
  });
});

describe('foreign master keys', () => {
  const read = (...parts: string[]) => readFileSync(join(fixtures, ...parts), 'utf8');
  const opened = async (file: string) => {
    const vectors = JSON.parse(read('pgp/vectors.json')) as Record<string, { data_key_hex: string }>;
    const hex = vectors[file]?.data_key_hex ?? assert.fail();
    const key = await DataKey.from(Uint8Array.from(Buffer.from(hex, 'hex')));
    return openWith(readSealed(read('pgp', file), formatOf(file)), key);
  };

  for (const file of [
    'format.enc.env',
    'format.enc.ini',
    'format-2.enc.ini',
    'format.enc.json',
    'format.enc.yaml',
    'comments.enc.yaml',
    'multiple-keys.enc.yaml',
  ]) {
    it(`${file}: stay byte for byte when an age key comes and goes`, async () => {
      const { sealed: at, dataKey } = await opened(file);
      const pgp = at.metadata.groups[0] ?? assert.fail();
      const change = await addRecipients(at, dataKey, [alice.recipient]);
      const after = applied(at, change);
      for (const line of lines(at.doc.text).filter((one) => !/^ *"?age"?: (\[\]|null)|sops_age=|^ *,?$/.test(one)))
        assert.ok(after.doc.text.includes(line.replace(/,$/, '')), line);
      assert.deepEqual((await reopen(change.text, formatOf(file))).verdict, { ok: true });
      const back = await removeRecipients(after, dataKey, [alice.recipient]);
      const foreign = (one: Sealed) => one.metadata.groups.flat().map(({ kind, name, enc }) => [kind, name, enc]);
      assert.deepEqual(
        foreign(applied(after, back)),
        pgp.map(({ kind, name, enc }) => [kind, name, enc]),
      );
    });

    it(`${file}: stay byte for byte when values are set, added, removed and edited`, async () => {
      const whole = await opened(file);
      const keysOf = (all: string) => [
        ...(readSealed(all, formatOf(file)).metadata.groups[0] ?? []).map(({ entry, enc }) => [
          all.slice(entry?.span.start, entry?.span.end),
          enc,
        ]),
        all.match(/^.*pgp__list.*$/gm),
      ];
      const before = keysOf(whole.sealed.doc.text);
      assert.ok(before.length > 0);
      const leaf = whole.sealed.leaves.find((one) => one.encrypted && one.type === 'str') ?? assert.fail();
      const parent = leaf.path.slice(0, -1).filter((part) => typeof part === 'string');
      const clear = await plainTextOf(whole);
      for (const change of [
        await setValue(whole, leaf.id, text('other'), later),
        await addEntry(whole, 0, parent, 'ADDED', text('more'), later),
        await removeEntry(whole, leaf.id, later),
        await editText(whole, clear.replace(String(plainOf(whole, leaf.id)), 'edited'), later),
      ])
        assert.deepEqual(keysOf(change.text), before);
    });

    it(`${file}: cannot be given a new data key or a part of one`, async () => {
      const whole = await opened(file);
      await assert.rejects(rotate(whole, later), { code: 'FOREIGN_MASTER_KEY', place: { kind: 'pgp' } });
      await assert.rejects(addGroup(whole.sealed, whole.dataKey, names(0)), { code: 'FOREIGN_MASTER_KEY' });
      const gone = whole.sealed.metadata.foreign.map((key) => key.name);
      const change = await rotate(whole, later, { addAge: [alice.recipient], rmAge: gone });
      assert.deepEqual((await reopen(change.text, formatOf(file))).verdict, { ok: true });
    });
  }

  it('reads groups of sops with any two of the three identities', async () => {
    const identities = parseIdentities(read('generated/identities.txt'));
    for (const file of ['groups-2of3.enc.yaml', 'groups-2of3.enc.json', 'groups-2of3.enc.env', 'groups-2of3.enc.ini']) {
      const at = readSealed(read('generated', file), formatOf(file));
      for (const out of [0, 1, 2]) {
        const two = identities.filter((_, i) => i !== out);
        assert.deepEqual((await open(at, await keyringOf(...two))).verdict, { ok: true });
        await assert.rejects(open(at, await keyringOf(identities[out] ?? '')), { code: 'NOT_A_RECIPIENT' });
      }
    }
  });
});
