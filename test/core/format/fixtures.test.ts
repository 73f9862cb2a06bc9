import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommentNode, FormatId, Node, SourceDocument } from '../../../src/core/format/document.ts';
import { formatOfName, getFormat } from '../../../src/core/format/which.ts';
import { fixtures } from '../shared.ts';
import { aadOf, walk } from './seal.ts';
import { plainScalar } from './tree.ts';

interface Leaf {
  readonly aad: string;
  readonly enc: string;
  readonly go_type: string;
  readonly plain_b64: string;
}

const goTypes: Record<string, string> = {
  string: 'str',
  int: 'int',
  float64: 'float',
  bool: 'bool',
  'time.Time': 'time',
};

function formatOf(file: string): FormatId | undefined {
  if (!/\.(?:ya?ml|json|env|ini)$/.test(file) || file.startsWith('vectors')) return undefined;
  return formatOfName(file);
}

/** Texts of leaves and comments that are ENC[...], with their key paths. */
function sealedLeaves(doc: SourceDocument): { aad: string; enc: string }[] {
  const out: { aad: string; enc: string }[] = [];
  for (const { node, path } of walk(doc)) {
    const leaf = node.kind === 'alias' ? node.target : node;
    const text =
      leaf.kind === 'comment'
        ? leaf.text
        : leaf.kind === 'scalar' && leaf.scalar.type === 'str'
          ? leaf.scalar.value
          : '';
    if (typeof text === 'string' && text.startsWith('ENC[')) out.push({ aad: aadOf(path), enc: text });
  }
  return out;
}

describe('files made by sops, as texts', () => {
  for (const part of ['generated', 'earlier', 'pgp', 'negative']) {
    for (const file of readdirSync(join(fixtures, part))) {
      const format = formatOf(file);
      if (!format || file === 'duplicate-top-level-key.yaml') continue;
      it(`${part}/${file} parses`, () => {
        const doc = getFormat(format).parse(readFileSync(join(fixtures, part, file), 'utf8'));
        assert.equal(doc.documents.length, doc.metadata.length);
      });
    }
  }
  for (const part of ['generated', 'earlier', 'pgp']) {
    const vectors = JSON.parse(readFileSync(join(fixtures, part, 'vectors.json'), 'utf8')) as Record<
      string,
      { leaves?: Leaf[] }
    >;
    for (const [file, { leaves }] of Object.entries(vectors)) {
      const format = formatOf(file);
      if (!format || !leaves) continue;
      it(`${part}/${file}: sealed leaves in walk order with their key paths`, () => {
        const doc = getFormat(format).parse(readFileSync(join(fixtures, part, file), 'utf8'));
        assert.deepEqual(
          sealedLeaves(doc),
          leaves.map(({ aad, enc }) => ({ aad, enc })),
        );
      });
    }
  }

  for (const file of readdirSync(join(fixtures, 'generated'))) {
    const format = formatOf(file);
    if (!format || !file.includes('.input.')) continue;
    it(`${file}: values as sops encrypted them`, () => {
      const vectors = JSON.parse(readFileSync(join(fixtures, 'generated', 'vectors.json'), 'utf8')) as Record<
        string,
        { leaves: Leaf[] }
      >;
      const { leaves } = vectors[file.replace('.input.', '.enc.')] ?? { leaves: [] };
      const doc = getFormat(format).parse(readFileSync(join(fixtures, 'generated', file), 'utf8'));
      const ours: string[] = [];
      for (const { node, path } of walk(doc)) ours.push(...leafLines(node, aadOf(path)));
      const theirs = leaves.filter((leaf) => leaf.go_type !== 'sops.Comment').map(leafLine);
      // What the file's selector leaves in clear is ours only.
      let at = 0;
      for (const line of ours) if (line === theirs[at]) at++;
      assert.deepEqual(theirs.slice(at), []);
    });
  }
});

function leafLine(leaf: Leaf): string {
  const text = Buffer.from(leaf.plain_b64, 'base64');
  const utf8 = text.toString('utf8');
  const value = Buffer.from(utf8).equals(text) ? utf8 : text.toString('hex');
  return `${leaf.aad} ${goTypes[leaf.go_type]} ${leaf.go_type === 'bool' ? value.toLowerCase() : value}`;
}

function leafLines(node: Node | CommentNode, aad: string): string[] {
  if (node.kind === 'comment') return [];
  if (node.kind === 'scalar') {
    const [type, value] = plainScalar(node.scalar);
    return [`${aad} ${type === 'bytes' ? 'str' : type} ${value}`];
  }
  if (node.kind === 'alias') return leafLines(node.target, aad);
  if (node.kind === 'list') return node.items.flatMap((item) => leafLines(item, aad));
  return node.members.flatMap((member) =>
    member.kind === 'entry' ? leafLines(member.value, `${aad === ':' ? '' : aad}${member.key}:`) : [],
  );
}
