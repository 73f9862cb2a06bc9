import assert from 'node:assert/strict';
import { lineEnd, lineStart, nextLine } from '../../../src/core/format/yaml/line.ts';
import { yaml } from '../../../src/core/format/yaml/yaml.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { isSealed } from '../../../src/core/sops/sealed.ts';
import { text } from '../../../src/core/tree/value.ts';
import {
  addEntry,
  duplicateEntry,
  editText,
  moveNode,
  plainTextOf,
  removeEntry,
  removeNodes,
  renameEntry,
  setValue,
} from '../changes.ts';
import { alice, clock, later, reopen } from '../support.ts';

const recipients = [alice.recipient];
const breaks: Readonly<Record<string, string>> = {
  LF: '\n',
  CR: '\r',
  'CR LF': '\r\n',
  NEL: '\x85',
  LS: '\u2028',
  PS: '\u2029',
};
const canary = 'correct-horse';

describe('lines of YAML', () => {
  for (const [name, end] of Object.entries(breaks)) {
    it(`end at ${name}, which is one line break`, () => {
      const text = `ab${end}cd${end}${end}e`;
      const second = 2 + end.length;
      assert.deepEqual([lineStart(text, 1), lineEnd(text, 1), nextLine(text, 1)], [0, 2, second]);
      assert.deepEqual([lineStart(text, second), lineEnd(text, second)], [second, second + 2]);
      assert.equal(lineStart(text, 2), 0);
      assert.equal(nextLine(text, 2), second);
      assert.equal(nextLine(text, text.length), text.length);
      assert.equal(lineEnd(text, text.length), text.length);
    });

    for (const header of ['|', '>', '>-', '|+', '|2', '|2-', '| # a note']) {
      for (const before of ['a: ', 'a:\n- ', 'a:\n  b: ', 'a: &x ', 'a: !!str ']) {
        it(`nothing of a block scalar stays: ${JSON.stringify(before)}${header}, its lines ended by ${name}`, async () => {
          const inner = before.includes('b:') ? '    ' : '  ';
          const source = `${before}${header}${end}${inner}# ${canary} 1${end}${inner}# ${canary} 2${end}z: ${canary} 3\n`;
          const { text: sealed } = await seal(source, 'yaml', { recipients }, clock);
          assert.ok(!sealed.includes(canary) && !sealed.includes('a note'));
          const again = yaml.parse(await plainTextOf(await reopen(sealed, 'yaml')));
          assert.equal(again.text.split(canary).length, 4);
        });
      }
    }

    it(`end at ${name} for every change of entries`, async () => {
      const lines = [
        'a: 1 # one',
        'b:',
        '  c: two',
        '  # inner',
        '  d: |',
        '    # three',
        '    four',
        'e: [x, y]',
        'f: 5',
        '',
      ];
      const { text: sealed } = await seal(lines.join(end), 'yaml', { recipients }, clock);
      assert.ok(isSealed(sealed, 'yaml') && !isSealed(lines.join(end), 'yaml'));
      const opened = await reopen(sealed, 'yaml');
      const changes = {
        set: setValue(opened, '[0,"b","d"]', text('new\n# value\n'), later),
        add: addEntry(opened, 0, ['b'], 'g', text(canary), later),
        rename: renameEntry(opened, '[0,"b","d"]', 'h', later),
        remove: removeEntry(opened, '[0,"b","d"]', later),
        'remove with comments': removeNodes(opened, ['[0,"b","c"]', '[0,"a"]'], later),
        duplicate: duplicateEntry(opened, '[0,"b","d"]', 'i', later),
        move: moveNode(opened, '[0,"b","d"]', { group: '[0]', before: '[0,"e"]' }, later),
        edit: editText(opened, (await plainTextOf(opened)).replace('two', canary), later),
      };
      for (const [what, change] of Object.entries(changes)) {
        const after = await reopen((await change).text, 'yaml');
        assert.deepEqual(after.verdict, { ok: true }, what);
        // A short word can be in ciphertext by chance.
        const clear = after.sealed.doc.text.replace(/ENC\[[^\]]*\]|-----BEGIN [\s\S]*?-----END /g, '');
        for (const word of [canary, 'two', 'three', 'four', 'inner', 'one'])
          assert.ok(!clear.includes(word), `${what} leaves a word`);
      }
    });
  }

  it('a comment behind a directive is encrypted as well', async () => {
    const source = `%YAML 1.1 # ${canary} 1\n%TAG !e! tag:e,2000: # ${canary} 2\n---\na: 1\n...\n%YAML 1.1 # ${canary} 3\n---\nb: 2\n`;
    const { text: sealed } = await seal(source, 'yaml', { recipients }, clock);
    assert.ok(!sealed.includes(canary));
    assert.match(sealed, /^%YAML 1\.1 #ENC\[.*\n%TAG !e! tag:e,2000: #ENC\[/);
    assert.equal(await plainTextOf(await reopen(sealed, 'yaml')), source);
  });

  it('a prefix of a tag is a URI', () => {
    assert.throws(() => yaml.parse('%TAG ! tag:"x"\n---\na: 1\n'), { code: 'SYNTAX' });
  });

  it('a byte order mark that starts another line than the first is refused', () => {
    for (const [source, line] of [
      ['a: 1\n---\n\ufeffb: 2\n', 3],
      ['a: 1\n\ufeffb: 2\n', 2],
      ['\ufeff\ufeffa: 1\n', 1],
      ['a: "x\n\ufeff"\n', 2],
    ] as const)
      assert.throws(() => yaml.parse(source), {
        code: 'SYNTAX',
        place: { what: 'byte-order-mark', line, offset: source.lastIndexOf('\ufeff') },
      });
    assert.equal(yaml.parse('\ufeffa: x\ufeffy\n').documents.length, 1);
  });

  it('the last comment stays encrypted where the metadata would give it to a map in clear text', async () => {
    for (const indent of ['    ', '  ', '      ']) {
      const source = `a: 1\nb_unencrypted:\n    - x # seen\n\n${indent}# ${canary}\n`;
      const { text: sealed } = await seal(source, 'yaml', { recipients }, clock);
      assert.ok(!sealed.includes(canary));
      assert.ok(sealed.includes('- x # seen'));
      assert.ok((await plainTextOf(await reopen(sealed, 'yaml'))).includes(canary));
    }
  });
});
