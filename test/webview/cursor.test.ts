import assert from 'node:assert/strict';
import { Text } from '@codemirror/state';
import { sameLine } from '../../media/editor/text/cursor.ts';

const mask = (name: string) => `\uE000${name}\uE001`;
const text = (...lines: string[]) => Text.of(lines);

describe('the cursor of the Text view', () => {
  const before = text(
    `a: ${mask('1')}`,
    `pem: ${mask('2')}`,
    'list:',
    `  - ${mask('3')}`,
    `  - ${mask('4')}`,
    'end: x',
  );
  const after = text(
    `a: ${mask('9')}`,
    'pem: |',
    `  ${mask('8')}`,
    'list:',
    `  - ${mask('7')}`,
    `  - ${mask('6')}`,
    'end: x',
  );
  const line = (at: number) => after.lineAt(at).number;

  it('stays in its line when masks come to stand otherwise', () => {
    assert.equal(line(sameLine(before, before.line(6).to, after)), 7);
    assert.equal(line(sameLine(before, before.line(5).from, after)), 6);
    assert.equal(line(sameLine(before, before.line(1).from, after)), 1);
  });

  it('keeps its column as far as there is one', () => {
    assert.equal(sameLine(before, before.line(6).from + 3, after), after.line(7).from + 3);
    assert.equal(sameLine(text('long line: x'), 12, text('long')), 4);
  });

  it('goes to the line of the same number where none begins like its own', () => {
    assert.equal(line(sameLine(text('x', 'gone', 'y'), 3, after)), 2);
    assert.equal(sameLine(text('a', 'b', 'c'), 5, text('z')), 1);
  });
});
