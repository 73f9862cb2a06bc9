import fc from 'fast-check';
import type { TextFormat } from '../../structure/trees.ts';

/** A file of one group, entry by entry, so that the same edits can be made in its plain and in its encrypted text. */
export interface Row {
  readonly name: string;
  readonly token: string;
}

type Edit =
  | { readonly kind: 'add' | 'set'; readonly at: number; readonly name: string; readonly token: string }
  | { readonly kind: 'remove'; readonly at: number }
  | { readonly kind: 'rename' | 'copy'; readonly at: number; readonly name: string }
  | { readonly kind: 'move'; readonly at: number; readonly to: number };

const place = fc.nat({ max: 20 });
const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,6}$/);
const word = fc
  .stringMatching(/^[a-z]([a-z0-9 ./+=-]{0,20}[a-z0-9])?$/)
  .filter((text) => !/^(?:true|false|null|y|n|yes|no|on|off)$/.test(text));
const tokens: Record<TextFormat, fc.Arbitrary<string>> = {
  yaml: fc.oneof(
    word,
    fc.integer().map(String),
    word.map((text) => `"${text}"`),
    word.map((text) => `'${text}'`),
  ),
  json: fc.oneof(
    word.map((text) => JSON.stringify(text)),
    fc.integer().map(String),
    fc.constant('true'),
  ),
  dotenv: word,
  ini: word,
};

export function filesAndEdits(format: TextFormat): fc.Arbitrary<{ rows: Row[]; edits: Edit[] }> {
  const token = tokens[format];
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    fc.record({ kind: fc.constantFrom('add' as const, 'set'), at: place, name, token }),
    fc.record({ kind: fc.constant('remove' as const), at: place }),
    fc.record({ kind: fc.constantFrom('rename' as const, 'copy'), at: place, name }),
    fc.record({ kind: fc.constant('move' as const), at: place, to: place }),
  );
  return fc.record({
    rows: fc.uniqueArray(fc.record({ name, token }), { minLength: 1, maxLength: 6, selector: (row) => row.name }),
    edits: fc.array(edit, { minLength: 1, maxLength: 6 }),
  });
}

/** The rows after the edits; a name that is there already is not given twice, and one entry stays. */
export function edited(rows: readonly Row[], edits: readonly Edit[]): Row[] {
  let now = [...rows];
  for (const edit of edits) now = one(now, edit);
  return now;
}

function one(now: Row[], edit: Edit): Row[] {
  const at = edit.at % now.length;
  const row = now[at] as Row;
  const taken = 'name' in edit && now.some(({ name }) => name === edit.name);
  switch (edit.kind) {
    case 'add':
      return taken ? now : now.toSpliced(at, 0, { name: edit.name, token: edit.token });
    case 'set':
      return now.with(at, { ...row, token: edit.token });
    case 'remove':
      return now.length === 1 ? now : now.toSpliced(at, 1);
    case 'rename':
      return taken ? now : now.with(at, { ...row, name: edit.name });
    case 'copy':
      return taken ? now : now.toSpliced(at, 0, { ...row, name: edit.name });
    case 'move':
      return now.toSpliced(at, 1).toSpliced(edit.to % now.length, 0, row);
  }
}

/** The text of such a file. @param tail what stands behind the last entry in the encrypted text. */
export function textOf(format: TextFormat, rows: readonly Row[], tail?: string): string {
  switch (format) {
    case 'dotenv':
      return rows.map((row) => `${row.name}=${row.token}\n`).join('') + (tail ?? '');
    case 'ini':
      return `[group]\n${rows.map((row) => `${row.name} = ${row.token}\n`).join('')}${tail ?? ''}`;
    case 'yaml':
      return `group:\n${rows.map((row) => `    ${row.name}: ${row.token}\n`).join('')}${tail ?? ''}`;
    case 'json':
      return `{\n  "group": {\n${rows.map((row) => `    "${row.name}": ${row.token}`).join(',\n')}\n  }${tail ?? '\n}\n'}`;
  }
}

/** The tokens of an encrypted text that was made of `rows`, and what stands behind them. */
export function sealedRows(format: TextFormat, rows: readonly Row[], sealed: string): { rows: Row[]; tail: string } {
  const signs = { dotenv: '=', ini: ' = ', yaml: ': ', json: '": ' }[format];
  let at = 0;
  const found = rows.map((row) => {
    const start = sealed.indexOf(row.name + signs, at) + row.name.length + signs.length;
    const token = (/^[^\n]*/.exec(sealed.slice(start))?.[0] ?? '').replace(/,$/, '');
    at = start + token.length;
    return { name: row.name, token };
  });
  const end = format === 'json' ? sealed.indexOf('}', at) + 1 : sealed.indexOf('\n', at) + 1;
  return { rows: found, tail: sealed.slice(end) };
}
