import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { type Opened, open } from '../../../src/core/open/open.ts';
import { requireSame } from '../../../src/core/open/same.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { alice, clock, keyringOf, reopen } from '../support.ts';

const sealed = async (plain: string, format: FormatId): Promise<string> =>
  (await seal(plain, format, { recipients: [alice.recipient] }, clock)).text;

const yaml = `# head
database:
    host: db.example.com # where
    ports:
        # inside
        - 5432
        - "5433"
    empty: {}
    none: null
    ratio: 0.5
    zero: 0
last: text
---
second: true
`;

describe('a plain file beside the encrypted one that it came from', () => {
  let opened: Opened;
  before(async () => {
    opened = await reopen(await sealed(yaml, 'yaml'), 'yaml');
  });
  const accepts = (plain: string) => requireSame(opened, getFormat('yaml').parse(plain));

  it('holds the same, whatever became of comments and quotes', () => {
    accepts(yaml);
    accepts(yaml.replace(/ *#.*/g, '').replace('last: text', "'last': 'text'"));
  });

  const changes: readonly [string, string, string][] = [
    ['a value', 'db.example.com', 'db.example.org'],
    ['a type', '- "5433"', '- 5433'],
    ['the other type', '- 5432', '- "5432"'],
    ['a sign', 'zero: 0', 'zero: -0.0'],
    ['a null', 'none: null', 'none: ""'],
    ['a key', 'host:', 'hosts:'],
    ['an entry more', 'last: text', 'last: text\nmore: text'],
    ['an entry less', 'last: text\n', ''],
    ['the last of a list', '        - "5433"\n', ''],
    ['one more in a list', '        - "5433"', '        - "5433"\n        - 1'],
    ['the order', '    none: null\n    ratio: 0.5', '    ratio: 0.5\n    none: null'],
    ['the kind of what is empty', 'empty: {}', 'empty: []'],
    ['an entry in what is empty', 'empty: {}', 'empty: {a: 1}'],
    ['a list for a map', 'last: text', 'last: [text]'],
    ['the depth', '    zero: 0', 'zero: 0'],
    ['a document less', '---\nsecond: true\n', ''],
    ['a document more', 'second: true', 'second: true\n---\nthird: true'],
    ['an entry of the other document', 'second: true', 'second: false'],
  ];
  for (const [what, from, to] of changes) {
    it(`${what} is noticed`, () => {
      assert.ok(yaml.includes(from));
      assert.throws(
        () => accepts(yaml.replace(from, to)),
        (error) => error instanceof LockstepError && error.code === 'UNSUPPORTED_VALUE',
      );
    });
  }

  it('names that stand twice are told apart', async () => {
    const twice = await reopen(await sealed('A=1\nB=2\nA=3\n', 'dotenv'), 'dotenv');
    const parse = (text: string) => getFormat('dotenv').parse(text);
    requireSame(twice, parse('A=1\nB=2\nA=3\n'));
    assert.throws(() => requireSame(twice, parse('A=3\nB=2\nA=1\n')));
    assert.throws(() => requireSame(twice, parse('A=1\nA=3\nB=2\n')));
  });

  it('bytes that are no text are compared as bytes', async () => {
    const bytes = await reopen(await sealed('A=a\udcffb\n', 'dotenv'), 'dotenv');
    requireSame(bytes, getFormat('dotenv').parse('A=a\udcffb\n'));
    assert.throws(() => requireSame(bytes, getFormat('dotenv').parse('A=a\udcfeb\n')));
    assert.throws(() => requireSame(bytes, getFormat('dotenv').parse('A=ab\n')));
  });
});

describe('values of an opened file', () => {
  it('are found by id and by index, and a later version takes them from the earlier one', async () => {
    const text = await sealed(yaml, 'yaml');
    const first = await reopen(text, 'yaml');
    const { leaves } = first.sealed;
    for (const [i, leaf] of leaves.entries()) assert.equal(first.value(leaf.id), first.valueAt(i));
    assert.deepEqual(
      leaves.map(({ id }) => id),
      leaves.map(({ document, path }) => JSON.stringify([document, ...path])),
    );
    const again = await open(readSealed(text, 'yaml'), await keyringOf(alice.identity), first);
    const host = leaves.findIndex(({ path }) => path.at(-1) === 'host');
    assert.equal(again.valueAt(host), first.valueAt(host));
    assert.ok(again.verdict.ok);
    first.dispose();
    assert.equal(first.valueAt(host), undefined);
    assert.equal(first.value(leaves[host]?.id ?? ''), undefined);
    const { aad, node } = leaves[host] as (typeof leaves)[number];
    assert.equal(first.memo.get(aad, node.scalar.type === 'str' ? String(node.scalar.value) : ''), undefined);
  });

  it('ids of hostile names are those of JSON', async () => {
    const plain = JSON.stringify({
      'a"b': '1',
      'a,b': { ']': '2' },
      '\n\u2028': '3',
      '': '4',
      ä: '5',
      __proto__x: '6',
    });
    const opened = await reopen(await sealed(plain, 'json'), 'json');
    for (const { id, document, path } of opened.sealed.leaves) assert.equal(id, JSON.stringify([document, ...path]));
  });
});
