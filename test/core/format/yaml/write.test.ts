import assert from 'node:assert/strict';
import {
  type AliasNode,
  applyEdits,
  type CommentNode,
  type Entry,
  type ListNode,
  type MapNode,
  type Node,
  type ScalarNode,
  type SourceDocument,
} from '../../../../src/core/format/document.ts';
import { getFormat } from '../../../../src/core/format/which.ts';
import type { Scalar, Value } from '../../../../src/core/tree/value.ts';
import { leafValue, plain, plainValue, str } from '../tree.ts';

const yaml = getFormat('yaml');
const enc = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]';

/** The nth leaf of a text. */
function leaf(doc: SourceDocument, n = 0): ScalarNode {
  const found: ScalarNode[] = [];
  const visit = (node: Node): void => {
    if (node.kind === 'scalar') found.push(node);
    if (node.kind === 'map') for (const member of node.members) member.kind === 'entry' && visit(member.value);
    if (node.kind === 'list') for (const item of node.items) item.kind !== 'comment' && visit(item);
  };
  for (const map of doc.documents) visit(map);
  const node = found[n];
  assert.ok(node);
  return node;
}

function write(text: string, scalar: Scalar, n = 0): string {
  const doc = yaml.parse(text);
  const out = applyEdits(text, yaml.writeScalar(doc, leaf(doc, n), scalar));
  assert.deepEqual(leaf(yaml.parse(out), n).scalar, scalar, out);
  return out;
}

describe('writing YAML scalars', () => {
  it('keeps quotes and what stands around', () => {
    assert.equal(write('a: x # c\nb: 1\n', str(enc)), `a: ${enc} # c\nb: 1\n`);
    assert.equal(write("a: 'x'\n", str(enc)), `a: '${enc}'\n`);
    assert.equal(write('a: "x"\n', str(enc)), `a: "${enc}"\n`);
    assert.equal(write('a: [x, y]\n', str(enc)), `a: ["${enc}", y]\n`);
    assert.equal(write('a: !!str &k 5\n', str(enc)), `a: ${enc}\n`);
    assert.equal(write('a: x\n  y\nb: 1\n', str(enc)), `a: ${enc}\nb: 1\n`);
    assert.equal(write('a:\n  x\n', str(enc)), `a:\n  ${enc}\n`);
  });

  it('makes one line of a block scalar; its comment stays', () => {
    assert.equal(write('a: |\n  x\n  y\nb: 1\n', str(enc)), `a: ${enc}\nb: 1\n`);
    assert.equal(write('a: |- # c\n  x\n  y\n\nb: 1\n', str(enc)), `a: ${enc} # c\n\nb: 1\n`);
    assert.equal(write('a: |+\n  x\n\n\nb: 1\n', str(enc)), `a: ${enc}\n\n\nb: 1\n`);
    assert.equal(
      write('- a: >\r\n    x\r\n  b: 1\r\n'.replace('- ', 'l:\r\n- '), str(enc)),
      `l:\r\n- a: ${enc}\r\n  b: 1\r\n`,
    );
    assert.equal(write('a: &x\n  |\n  y', str('z')), 'a: z');
  });

  it('makes a block scalar of several lines', () => {
    assert.equal(write(`a: ${enc} # c\nb: 1\n`, str('x\n  y\n')), 'a: | # c\n  x\n    y\nb: 1\n');
    assert.equal(write(`a: ${enc}`, str('x\ny\n')), 'a: |\n  x\n  y\n');
    assert.equal(write(`a: ${enc}`, str('x\ny')), 'a: |-\n  x\n  y');
    assert.equal(
      write(`a:\r\n    b: ${enc}\r\n`, str('\n x\n\ny')),
      'a:\r\n    b: |4-\r\n\r\n         x\r\n\r\n        y\r\n',
    );
    assert.equal(write(`l:\n  - - ${enc}\n`, str('x\ny')), 'l:\n  - - |-\n      x\n      y\n');
    assert.equal(write('a: |\n     x\n', str('y\nz\n')), 'a: |\n     y\n     z\n');
  });

  it('quotes several lines where a block scalar would not do', () => {
    assert.equal(write('a: x\n', str('y\n\n')), 'a: "y\\n\\n"\n');
    assert.equal(write('a: x\n', str('\ty\nz')), 'a: "\\ty\\nz"\n');
    assert.equal(write('a: x\n', str('y\r\nz')), 'a: "y\\r\\nz"\n');
    assert.equal(write('a: "x"\n', str('y\nz')), 'a: "y\\nz"\n');
    assert.equal(write('a: {b: x}\n', str('y\nz')), 'a: {b: "y\\nz"}\n');
    assert.equal(write('a: x\n      # c\n', str('y\nz')), 'a: "y\\nz"\n      # c\n');
  });

  it('writes where nothing was', () => {
    assert.equal(write('a:\nb: 1\n', str('x')), 'a: x\nb: 1\n');
    assert.equal(write('a: # c\n', str('x')), 'a: x # c\n');
    assert.equal(write('l:\n  -\n  - 1\n', str('x')), 'l:\n  - x\n  - 1\n');
    assert.equal(write('a: {b, c}\n', str('x')), 'a: {b: x, c}\n');
    assert.equal(write('a:\n', str('x\ny\n')), 'a: |\n  x\n  y\n');
    assert.equal(write('a:\n', { type: 'null' }), 'a:\n');
    assert.equal(write('a: x\n', { type: 'null' }), 'a: null\n');
  });

  it('quotes what would read as something else', () => {
    const texts =
      '017 08 1_000 0x1F 0b1 0o7 1e3 .5 .inf .nan 2024-01-01 1:30 12:30:45 ~ null NULL true yes No on y n << = - ? : -x';
    for (const text of texts.split(' ')) write('a: b\n', str(text));
    assert.equal(write('a: b\n', str('017')), 'a: "017"\n');
    assert.equal(write('a: b\n', str('yes')), 'a: "yes"\n');
    assert.equal(write('a: b\n', str('2024-01-01')), 'a: "2024-01-01"\n');
    assert.equal(write('a: b\n', str('')), 'a: ""\n');
    assert.equal(write('a: b\n', str('x: y')), "a: 'x: y'\n");
    assert.equal(write('a: b\n', str('#x')), "a: '#x'\n");
    assert.equal(write('a: b\n', str('3.13.3')), 'a: 3.13.3\n');
    assert.equal(write('a: b\n', str('a\tb\0')), 'a: "a\\tb\\0"\n');
  });

  it('writes the other types', () => {
    assert.equal(write('a: b\n', { type: 'int', value: -5n }), 'a: -5\n');
    assert.equal(write('a: b\n', { type: 'float', value: 2 }), 'a: 2.0\n');
    for (const value of [-0, 0.1, 1e21, 1e-7, -1.5e300, Infinity, -Infinity, Number.NaN, 5e-324])
      write('a: b\n', { type: 'float', value });
    assert.equal(
      write('a: b\n', { type: 'time', value: '2024-01-01T10:00:00.5+02:00' }),
      'a: 2024-01-01T10:00:00.5+02:00\n',
    );
    assert.equal(write('a: b\n', { type: 'bool', value: false }), 'a: false\n');
    assert.equal(write('a: b\n', { type: 'str', value: new Uint8Array([0xff, 0]) }), 'a: !!binary /wA=\n');
    const bad: Scalar[] = [str('\ud800'), { type: 'int', value: 2n ** 63n }, { type: 'time', value: 'x' }];
    for (const scalar of bad)
      assert.throws(() => yaml.writeScalar(yaml.parse('a: b\n'), leaf(yaml.parse('a: b\n')), scalar), {
        code: 'BAD_VALUE',
      });
  });
});

describe('writing YAML aliases and comments', () => {
  const value: Value = {
    kind: 'map',
    members: [
      { key: 'x', value: leafValue(str('1')) },
      { key: 'l', value: { kind: 'list', items: [leafValue(str('z'))] } },
    ],
  };

  function replaceAlias(text: string): string {
    const doc = yaml.parse(text);
    const aliases: AliasNode[] = [];
    const visit = (node: Node): void => {
      if (node.kind === 'alias') aliases.push(node);
      if (node.kind === 'map') for (const member of node.members) member.kind === 'entry' && visit(member.value);
      if (node.kind === 'list') for (const item of node.items) item.kind !== 'comment' && visit(item);
    };
    visit(doc.documents[0] as MapNode);
    const alias = aliases[0];
    assert.ok(alias);
    const out = applyEdits(text, yaml.writeAlias(doc, alias, value));
    assert.ok(
      JSON.stringify(plain(yaml.parse(out).documents[0] as MapNode)).includes(JSON.stringify(plainValue(value))),
      out,
    );
    return out;
  }

  it('puts a value in the place of an alias', () => {
    assert.equal(replaceAlias('a: &a 1\nb: *a\nc: 2\n'), 'a: &a 1\nb:\n  x: "1"\n  l:\n    - z\nc: 2\n');
    assert.equal(replaceAlias('a: &a 1\nb: [*a, 2]\n'), 'a: &a 1\nb: [{x: "1", l: [z]}, 2]\n');
    assert.equal(replaceAlias('a: &a 1\nb:\n- *a\n- 2\n'), 'a: &a 1\nb:\n- x: "1"\n  l:\n  - z\n- 2\n');
    assert.equal(replaceAlias('a: &a 1\nb: *a # c\n'), 'a: &a 1\nb: # c\n  x: "1"\n  l:\n    - z\n');
  });

  it('writes comments', () => {
    const doc = yaml.parse('a: 1 # x\n');
    const comment = doc.documents[0]?.members.find((member) => member.kind === 'comment') as CommentNode;
    assert.equal(applyEdits(doc.text, yaml.writeComment(doc, comment, enc)), `a: 1 #${enc}\n`);
    for (const text of ['a\nb', 'a\rb', '\0', '\u2028', '\ud800'])
      assert.throws(() => yaml.writeComment(doc, comment, text), { code: 'BAD_VALUE' });
  });

  it('makes a comment of a list item', () => {
    const sealed = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:comment]';
    const cases: [string, string][] = [
      [`l:\n  - ${sealed}\n  - x\n`, 'l:\n  # c\n  - x\n'],
      [`l:\n  - - ${sealed}\n    - x\n`, 'l:\n  - # c\n    - x\n'],
      [`l:\n  - ${sealed}\n`, 'l:\n  [] # c\n'],
      [`l:\n- ${sealed}\n- ${sealed}\nm: 1\n`, 'l:\n  [] # c\n# c\nm: 1\n'],
      [`l: ["${sealed}", x]\n`, 'l: [# c\n    x]\n'],
    ];
    for (const [text, expected] of cases) {
      const doc = yaml.parse(text);
      const edits: ReturnType<typeof yaml.itemToComment> = [];
      const visit = (node: Node): void => {
        if (node.kind === 'map') for (const member of node.members) member.kind === 'entry' && visit(member.value);
        if (node.kind !== 'list') return;
        for (const item of node.items) {
          if (item.kind === 'scalar' && item.scalar.type === 'str' && item.scalar.value === sealed)
            edits.push(...yaml.itemToComment(doc, node as ListNode, item, ' c'));
          else if (item.kind !== 'comment') visit(item);
        }
      };
      visit(doc.documents[0] as MapNode);
      const out = applyEdits(text, edits);
      assert.equal(out, expected);
      assert.ok(
        !JSON.stringify(plain((yaml.parse(out).documents[0] as MapNode).members[0] as Entry)).includes('null'),
        out,
      );
    }
  });
});
