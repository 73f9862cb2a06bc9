import assert from 'node:assert/strict';
import type { Format, FormatId, SourceDocument } from '../../../src/core/format/document.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { text } from '../../../src/core/tree/value.ts';
import { addEntry, removeEntry, renameEntry, setValue } from '../changes.ts';
import { alice, clock, later, reopen } from '../support.ts';

/** Does `work` while one function of a format's writer is another one. */
async function withWriter<K extends keyof Format, T>(
  format: FormatId,
  name: K,
  faulty: (right: Format[K]) => Format[K],
  work: () => Promise<T>,
): Promise<T> {
  const writer = getFormat(format) as { -readonly [N in keyof Format]: Format[N] };
  const right = writer[name];
  writer[name] = faulty(right);
  try {
    return await work();
  } finally {
    writer[name] = right;
  }
}

const yaml = '# why\none: first\nnone: null\ntwo: second\nthree:\n    - third\n    - fourth\n';
const recipients = [alice.recipient];
const sealing = () => seal(yaml, 'yaml', { recipients }, clock);
const refused = { code: 'UNSUPPORTED_VALUE' };

type Scalars = Format['writeScalar'];
/** Faults of a writer of values: what it writes in the place of the second value. */
const faults: Readonly<Record<string, (right: Scalars) => Scalars>> = {
  'leaves a value in clear text': (right) => (doc, node, value) => {
    return doc.text.slice(node.span.start, node.span.end) === 'second' ? [] : right(doc, node, value);
  },
  'writes a value twice': (right) => {
    let first: Parameters<Scalars>[2] | undefined;
    return (doc, node, value) => {
      const token = doc.text.slice(node.span.start, node.span.end);
      if (token === 'first') first = value;
      return right(doc, node, token === 'second' && first ? first : value);
    };
  },
  'cuts a value': (right) => (doc, node, value) => {
    const cut =
      doc.text.slice(node.span.start, node.span.end) === 'second'
        ? text(String('value' in value && value.value).slice(0, -9))
        : value;
    return right(doc, node, cut as typeof value);
  },
  'drops an entry': (right) => (doc, node, value) => {
    if (doc.text.slice(node.span.start, node.span.end) !== 'second') return right(doc, node, value);
    return [{ start: doc.text.indexOf('two:'), end: doc.text.indexOf('three:'), text: '' }];
  },
  'drops an entry that holds nothing': (right) => (doc, node, value) => {
    const edits = right(doc, node, value);
    if (doc.text.slice(node.span.start, node.span.end) !== 'second') return edits;
    return [...edits, { start: doc.text.indexOf('none:'), end: doc.text.indexOf('two:'), text: '' }];
  },
  'drops the last entries': (right) => (doc, node, value) => {
    if (doc.text.slice(node.span.start, node.span.end) !== 'fourth') return right(doc, node, value);
    return [{ start: node.span.start - 6, end: node.span.end + 1, text: '' }];
  },
  'writes an entry more': (right) => (doc, node, value) => {
    const edits = right(doc, node, value);
    if (doc.text.slice(node.span.start, node.span.end) !== 'second') return edits;
    return edits.map((edit) => ({ ...edit, text: `${edit.text}\nmore: ${edit.text}` }));
  },
  'writes another name': (right) => (doc, node, value) => {
    const edits = right(doc, node, value);
    if (doc.text.slice(node.span.start, node.span.end) !== 'second') return edits;
    return [...edits, { start: doc.text.indexOf('two:'), end: doc.text.indexOf('two:') + 3, text: 'tow' }];
  },
};

describe('a writer that makes a mistake', () => {
  for (const [name, faulty] of Object.entries(faults)) {
    it(`gets no file sealed: one that ${name}`, async () => {
      await assert.rejects(withWriter('yaml', 'writeScalar', faulty, sealing), refused);
    });
  }

  it('changes no encrypted file', async () => {
    const before = await reopen((await sealing()).text, 'yaml');
    const id = '[0,"two"]';
    /** The right edits, and an entry besides that goes away. */
    const alsoDrops =
      <A extends unknown[]>(right: (...args: A) => readonly { start: number; end: number; text: string }[]) =>
      (...args: A) => {
        const doc = args[0] as SourceDocument;
        return [...right(...args), { start: doc.text.indexOf('one:'), end: doc.text.indexOf('none:'), text: '' }];
      };
    const changes = {
      addEntry: () => addEntry(before, 0, [], 'added', text('x'), later),
      renameEntry: () => renameEntry(before, id, 'renamed', later),
      removeEntry: () => removeEntry(before, id, later),
    };
    for (const [name, change] of Object.entries(changes)) {
      // Each of the three takes other arguments, which it does not look at.
      const faulty = alsoDrops as unknown as (right: unknown) => never;
      await assert.rejects(withWriter('yaml', name as keyof typeof changes, faulty, change), refused, name);
    }
    const clear = await reopen((await seal('a_unencrypted: x\nb: y\n', 'yaml', { recipients }, clock)).text, 'yaml');
    const another: (right: Scalars) => Scalars = (right) => (doc, node, value) =>
      right(doc, node, 'value' in node.scalar && node.scalar.value === 'x' ? text('another') : value);
    await assert.rejects(
      withWriter('yaml', 'writeScalar', another, () => setValue(clear, '[0,"a_unencrypted"]', text('new'), later)),
      refused,
    );
  });
});
