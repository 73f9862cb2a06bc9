import type { CommentNode, Entry, Node, SourceDocument } from '../../../src/core/format/document.ts';
import type { Scalar, Value } from '../../../src/core/tree/value.ts';

/** Trees as plain data, to compare them. */

/** Go's `f` format of a float. */
export function goFloat(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const found = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value));
  if (!found) return String(value);
  const digits = `${found[2]}${found[3] ?? ''}`;
  const point = 1 + Number(found[4]);
  if (point <= 0) return `${found[1]}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${found[1]}${digits}${'0'.repeat(point - digits.length)}`;
  return `${found[1]}${digits.slice(0, point)}.${digits.slice(point)}`;
}

export function plainScalar(scalar: Scalar): string[] {
  if (scalar.type === 'null') return ['null'];
  if (scalar.type === 'float') return ['float', goFloat(scalar.value)];
  if (scalar.type !== 'str' || typeof scalar.value === 'string') return [scalar.type, String(scalar.value)];
  return ['bytes', Buffer.from(scalar.value).toString('hex')];
}

/** A node without positions; comments only if asked for. */
export function plain(node: Node | Entry | CommentNode, comments = false): unknown {
  if (node.kind === 'comment') return ['comment', node.text];
  if (node.kind === 'entry') return [node.key, plain(node.value, comments)];
  if (node.kind === 'alias') return plain(node.target, comments);
  if (node.kind === 'scalar') return plainScalar(node.scalar);
  const parts = node.kind === 'map' ? node.members : node.items;
  return {
    [node.kind]: parts.filter((part) => comments || part.kind !== 'comment').map((part) => plain(part, comments)),
  };
}

export function plainDocuments(doc: SourceDocument, comments = false): unknown[] {
  return doc.documents.map((map) => plain(map, comments));
}

export function plainValue(value: Value): unknown {
  if (value.kind === 'scalar') return plainScalar(value.scalar);
  if (value.kind === 'list') return { list: value.items.map(plainValue) };
  return { map: value.members.map((member) => [member.key, plainValue(member.value)]) };
}

export const str = (value: string): Scalar => ({ type: 'str', value });
export const leafValue = (scalar: Scalar): Value => ({ kind: 'scalar', scalar });

/** The metadata that the tests add. */
export const sampleMetadata: Value = {
  kind: 'map',
  members: [
    {
      key: 'age',
      value: {
        kind: 'list',
        items: [
          {
            kind: 'map',
            members: [
              {
                key: 'enc',
                value: leafValue(str('-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n')),
              },
              { key: 'recipient', value: leafValue(str('age1test')) },
            ],
          },
        ],
      },
    },
    { key: 'lastmodified', value: leafValue(str('2026-01-02T03:04:05Z')) },
    { key: 'mac', value: leafValue(str('ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]')) },
    { key: 'version', value: leafValue(str('3.13.3')) },
  ],
};
