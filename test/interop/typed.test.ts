import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { change } from '../../src/core/change/change.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { edited, filesAndEdits, sealedRows, textOf } from '../core/change/edited/edits.ts';
import { type TextFormat, textFormats } from '../core/structure/trees.ts';
import { alice, clock, later, reopen } from '../core/support.ts';
import { Bench } from './tools.ts';

const runs = Math.ceil(Number(process.env.LOCKSTEP_RUNS ?? 60) / 4);
const names: Record<TextFormat, string> = { yaml: 'file.yaml', json: 'file.json', dotenv: 'file.env', ini: 'file.ini' };

describe('encrypted files edited as text', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  for (const format of textFormats) {
    it(`are ${format} files in which sops reads what the same edits of the plain one come to`, async () => {
      const name = names[format];
      const asJson = (text: string) => {
        bench.write(name, text);
        return bench.sops(['decrypt', '--output-type', 'json', name]);
      };
      const bySops = (plain: string) => {
        const path = bench.write(name, plain);
        bench.sops(['encrypt', '-i', '--age', alice.recipient, name]);
        return readFileSync(path, 'utf8');
      };
      await fc.assert(
        fc.asyncProperty(filesAndEdits(format), async ({ rows, edits }) => {
          const sealed = await seal(textOf(format, rows), format, { recipients: [alice.recipient] }, clock);
          const { rows: enc, tail } = sealedRows(format, rows, sealed.text);
          const file = await reopen(sealed.text, format);
          const text = textOf(format, edited(enc, edits), tail);
          const ours = await change(file, { kind: 'edited', text }, later);
          assert.equal(asJson(ours.text), asJson(bySops(textOf(format, edited(rows, edits)))));
        }),
        { numRuns: runs },
      );
    });
  }
});
