import assert from 'node:assert/strict';
import fc from 'fast-check';
import { change } from '../../../../src/core/change/change.ts';
import { applyEdits } from '../../../../src/core/format/document.ts';
import { seal } from '../../../../src/core/seal/seal.ts';
import { plainTextOf } from '../../changes.ts';
import { textFormats } from '../../structure/trees.ts';
import { alice, clock, later, reopen } from '../../support.ts';
import { edited, filesAndEdits, type Row, sealedRows, textOf } from './edits.ts';

const bare = (token: string) => token.replace(/^(["'])(.*)\1$/, '$2');

/** An entry whose value is typed again, in other quotes or none, has not changed. */
function withOldQuotes(rows: readonly Row[], before: readonly Row[]): Row[] {
  return rows.map((row) => {
    const old = before.find(({ name }) => name === row.name);
    return old && bare(old.token) === bare(row.token) ? old : row;
  });
}

describe('an encrypted file edited as text, by chance', () => {
  for (const format of textFormats) {
    it(`comes to what the same edits of the plain ${format} file come to`, async () => {
      await fc.assert(
        fc.asyncProperty(filesAndEdits(format), async ({ rows, edits }) => {
          const sealed = await seal(textOf(format, rows), format, { recipients: [alice.recipient] }, clock);
          const { rows: enc, tail } = sealedRows(format, rows, sealed.text);
          assert.equal(textOf(format, enc, tail), sealed.text);
          const typed = textOf(format, edited(enc, edits), tail);
          const file = await reopen(sealed.text, format);
          const { text, edits: made } = await change(file, { kind: 'edited', text: typed }, later);
          assert.equal(applyEdits(sealed.text, made), text);
          const now = await reopen(text, format);
          assert.deepEqual(now.verdict, { ok: true });
          const wanted = textOf(format, withOldQuotes(edited(rows, edits), rows));
          assert.equal(await plainTextOf(now), wanted);
          for (const leaf of now.sealed.leaves) assert.ok(leaf.encrypted || leaf.node.scalar.type === 'null');
        }),
        { numRuns: 60 },
      );
    });
  }
});
