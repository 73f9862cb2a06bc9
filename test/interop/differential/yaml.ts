import fc from 'fast-check';
import { carrying } from './canary.ts';
import { line, lines, name, remark } from './words.ts';

/**
 * YAML texts as people and programs write them: block and flow, every quoting, comments in every place, anchors, tags,
 * many documents. Built as a tree of choices that a printer turns into text, so that a failing case can shrink.
 */

type Style = 'plain' | 'double' | 'single' | 'literal' | 'folded' | 'raw';

interface Leaf {
  readonly kind: 'leaf';
  readonly style: Style;
  readonly text: string;
  readonly chomp: '' | '-' | '+';
  readonly tag: string;
}
interface Member {
  readonly head: readonly string[];
  readonly key: string;
  readonly value: Tree;
  readonly inline: string | undefined;
  readonly foot: readonly string[];
}
interface Branch {
  readonly kind: 'map' | 'list';
  readonly members: readonly Member[];
  readonly flow: boolean;
  readonly step: number;
}
interface Alias {
  readonly kind: 'alias';
  readonly which: number;
}
type Tree = (Leaf | Branch | Alias) & { readonly anchor: boolean };

const plain = fc.oneof(
  fc.integer().map(String),
  fc.double().map(String),
  fc.constantFrom(
    'null',
    '~',
    '',
    'Null',
    'true',
    'True',
    'FALSE',
    'yes',
    'No',
    'on',
    'y',
    'N',
    'word',
    'two words',
    'a#b',
    'http://x:1/y',
  ),
  fc.constantFrom(
    '017',
    '-017',
    '0o17',
    '0b101',
    '0x1F',
    '-0x1f',
    '1_000',
    '0_7',
    '08',
    '1e3',
    '1.',
    '.5',
    '-.5',
    '+1',
    '-0',
    '-0.0',
    '1e400',
  ),
  fc.constantFrom(
    '.inf',
    '-.INF',
    '+.Inf',
    '.NaN',
    '.nan',
    'inf',
    'NaN',
    '1_0.5',
    '1.5e-7',
    '0.00001',
    '1000000.0',
    '9223372036854775807',
  ),
  fc.constantFrom(
    '-9223372036854775808',
    '123456789012345678901234567890',
    '12:30',
    '190:20:30',
    '0x',
    '1__0',
    '0b2',
    '0o8',
    '1e',
    '--1',
  ),
  fc.constantFrom(
    '2024-01-01',
    '2024-1-2',
    '2024-01-01T10:20:30Z',
    '2024-01-01t10:20:30.123456789+02:00',
    '2024-01-01 10:20:30',
    '2024-02-30',
  ),
  fc.constantFrom(
    '2024-01-01T10:20:30-00:00',
    '2024-01-01 10:20:30.5 +01:00',
    '0001-01-01',
    '9999-12-31T23:59:59.999999999Z',
    '2024-01-01T1:2:3Z',
  ),
  carrying(fc.stringMatching(/^[a-z][a-z0-9 _./:-]{0,10}[a-z0-9]$/)),
);
const tags = fc.oneof(
  { arbitrary: fc.constant(''), weight: 20 },
  { arbitrary: fc.constantFrom('!!str ', '!custom ', '!!str ', '! '), weight: 1 },
);
const leafOf = (style: Style, text: fc.Arbitrary<string>) =>
  fc.record({
    kind: fc.constant('leaf' as const),
    style: fc.constant(style),
    text,
    chomp: fc.constantFrom('' as const, '-' as const, '+' as const),
    tag: tags,
  });
/** A block scalar holds what can be printed. Its lines are cut at LF; the other breaks come later, or break it here. */
const printable = fc.tuple(lines, fc.nat(9)).map(([text, n]) => {
  const shown = text.replace(
    /[^\t\n\r\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/gu,
    'x',
  );
  return n === 0 ? shown : shown.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n');
});
const leaf = fc.oneof(
  { arbitrary: leafOf('plain', plain), weight: 5 },
  { arbitrary: leafOf('double', fc.oneof(line, lines)), weight: 3 },
  { arbitrary: leafOf('single', line), weight: 2 },
  { arbitrary: leafOf('literal', printable), weight: 2 },
  { arbitrary: leafOf('folded', printable), weight: 1 },
  {
    arbitrary: leafOf(
      'raw',
      fc.constantFrom(
        '!!int "5"',
        '!!float 3',
        '!!binary aGVsbG8=',
        '!!binary /w==',
        '!!bool "true"',
        '!!null ""',
        '"\\x41\\e\\_\\N\\L\\P\\U0001F511\\/"',
        '!!timestamp 2024-01-01',
      ),
    ),
    weight: 1,
  },
);

const remarks = fc.oneof(
  { arbitrary: fc.constant<string[]>([]), weight: 6 },
  // Between two remarks an empty one is a blank line.
  {
    arbitrary: fc.array(
      fc.oneof(
        remark.map((text) => `#${text}`),
        fc.constant(''),
      ),
      { maxLength: 3 },
    ),
    weight: 2,
  },
);
const inline = fc.option(remark, { nil: undefined, freq: 7 });
const key = fc.oneof(
  {
    arbitrary: name.map((text) =>
      /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null|nan|inf)$/i.test(text)
        ? text
        : JSON.stringify(text),
    ),
    weight: 12,
  },
  { arbitrary: name.map((text) => `"${text.replace(/[^A-Za-z0-9_ #:]/g, '')}"`), weight: 2 },
  { arbitrary: name.map((text) => `'${text.replace(/[^\x20-\x7e]/g, '').replaceAll("'", "''")}'`), weight: 2 },
  { arbitrary: fc.constantFrom('yes', 'on', 'n', '? k', 'a.b', 'a-b', 'a b', 'a/b:c', '!!str 5', '<<'), weight: 1 },
);

const { tree } = fc.letrec<{ tree: Tree }>((tie) => {
  const member = fc.record({ head: remarks, key, value: tie('tree'), inline, foot: remarks });
  const branch = fc.record({
    kind: fc.constantFrom('map' as const, 'list' as const),
    members: fc.array(member, { maxLength: 4 }),
    flow: fc.oneof({ arbitrary: fc.constant(false), weight: 4 }, { arbitrary: fc.constant(true), weight: 1 }),
    step: fc.constantFrom(2, 2, 4, 4, 1, 3),
  });
  const alias = fc.record({ kind: fc.constant('alias' as const), which: fc.nat(3) });
  const anchored = <T>(of: fc.Arbitrary<T>) => fc.tuple(of, fc.nat(9)).map(([one, n]) => ({ ...one, anchor: n === 0 }));
  return {
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { arbitrary: anchored(leaf), weight: 6 },
      { arbitrary: anchored(branch), weight: 4 },
      { arbitrary: anchored(alias), weight: 1 },
    ),
  };
});

/** The text of one tree; `#anchors` are those that are complete, because none may be used inside itself. */
class Printer {
  readonly #anchors: string[] = [];
  #names = 0;

  map(members: readonly Member[], indent: string): string {
    const seen = new Set<string>();
    let out = '';
    for (const one of members) {
      const [plainKey, mark] = one.key.startsWith('? ') ? [one.key.slice(2), '? '] : [one.key, ''];
      if (seen.has(decoded(plainKey))) continue;
      seen.add(decoded(plainKey));
      // What is merged has to be a map; where there is none the entry is left out.
      if (plainKey === '<<' && !(one.value.kind === 'map')) continue;
      const colon = mark ? `${mark}${plainKey}\n${indent}:` : `${plainKey}:`;
      out += this.#heads(one.head, indent) + indent + colon + this.value(one.value, indent, one.inline, false);
      out += this.#heads(one.foot, indent);
    }
    return out;
  }

  /** sops makes an item of an empty comment in a list, so there is none in or before one. */
  list(members: readonly Member[], indent: string): string {
    const said = (texts: readonly string[]) => texts.map((text) => (text === '#' ? '# e' : text));
    let out = '';
    for (const one of members) {
      out += `${this.#heads(said(one.head), indent)}${indent}-${this.value(one.value, indent, one.inline, true)}`;
      out += this.#heads(said(one.foot), indent);
    }
    return out;
  }

  /** What stands behind `key:` or `-`, to the end of its last line. */
  value(tree: Tree, indent: string, inlineText: string | undefined, inList: boolean): string {
    const said = inlineText === '' && (inList || tree.kind === 'list') ? ' e' : inlineText;
    const end = `${said === undefined ? '' : ` #${said}`}\n`;
    if (tree.kind === 'alias') {
      const anchor = this.#anchors[tree.which % this.#anchors.length];
      return ` ${anchor === undefined ? 'none' : `*${anchor}`}${end}`;
    }
    const anchor = tree.anchor ? `a${this.#names++}` : undefined;
    const mark = anchor === undefined ? '' : `&${anchor} `;
    const text = this.#content(tree, mark, indent, end, inList);
    if (anchor !== undefined) this.#anchors.push(anchor);
    return text;
  }

  #content(tree: Leaf | Branch, mark: string, indent: string, end: string, inList: boolean): string {
    if (tree.kind === 'leaf') return this.#leaf(tree, mark, indent, end);
    if (tree.flow || tree.members.length === 0) return ` ${mark}${this.#flow(tree)}${end}`;
    const deeper = indent + ' '.repeat(tree.step);
    if (tree.kind === 'list') {
      // A list in a map may stand as far left as its key.
      const inner = inList || tree.step !== 1 ? deeper : indent;
      return `${mark ? ` ${mark.trimEnd()}` : ''}${end}${this.list(tree.members, inner)}`;
    }
    const body = this.map(tree.members, deeper);
    if (body === '' || /^(\s*(#.*)?\n)*$/.test(body)) return ` ${mark}{}${end}`;
    // `- key: value` on the line of the dash.
    const compact = inList && mark === '' && end === '\n' && body.startsWith(deeper) && !/^\s*#/.test(body);
    return compact ? body.slice(indent.length + 1) : `${mark ? ` ${mark.trimEnd()}` : ''}${end}${body}`;
  }

  #leaf({ style, text, chomp, tag }: Leaf, mark: string, indent: string, end: string): string {
    if (style !== 'literal' && style !== 'folded') return ` ${mark}${tag}${token(style, text)}${end}`;
    const inner = `${indent}  `;
    const hint = /^[ \n]/.test(text) ? '2' : '';
    const rows = text.split('\n').map((row) => (row === '' ? '' : inner + row));
    return ` ${mark}${tag}${style === 'literal' ? '|' : '>'}${hint}${chomp}${end}${rows.join('\n')}\n`;
  }

  /** Flow collections hold no comments here, and their leaves are quoted where they could be misread. */
  #flow(tree: Branch): string {
    const seen = new Set<string>();
    const parts: string[] = [];
    for (const { key: text, value } of tree.members) {
      const own = this.#flowValue(value);
      if (tree.kind === 'list') {
        parts.push(own === '' ? '~' : own);
        continue;
      }
      const quoted = JSON.stringify(decoded(text.replace(/^\? /, '')));
      if (!seen.has(quoted)) parts.push(`${quoted}: ${own}`);
      seen.add(quoted);
    }
    return tree.kind === 'list' ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
  }

  #flowValue(value: Tree): string {
    if (value.kind === 'alias') {
      const anchor = this.#anchors[value.which % this.#anchors.length];
      return anchor === undefined ? 'none' : `*${anchor} `;
    }
    if (value.kind !== 'leaf') return this.#flow(value);
    if (value.style === 'plain') return /^[\w.+-]*$/.test(value.text) ? value.text : JSON.stringify(value.text);
    return value.style === 'raw' || value.style === 'single'
      ? token(value.style, value.text)
      : JSON.stringify(value.text);
  }

  #heads(texts: readonly string[], indent: string): string {
    return texts.map((text) => (text === '' ? '\n' : `${indent}${text}\n`)).join('');
  }
}

function token(style: Style, text: string): string {
  if (style === 'double') return JSON.stringify(text);
  if (style === 'single')
    return `'${text.replace(/[^\x20-\x7e\u00a0-\ud7ff\u{10000}-\u{10ffff}]|[\u2028\u2029]/gu, 'x').replaceAll("'", "''")}'`;
  return text;
}

/** What a key token means, as far as this generator writes them. */
function decoded(text: string): string {
  if (text.startsWith('"')) return JSON.parse(text) as string;
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  return text.replace(/^!!str /, '');
}

const root = fc.array(fc.record({ head: remarks, key, value: tree, inline, foot: remarks }), {
  minLength: 1,
  maxLength: 5,
});
const start = fc.oneof(
  { arbitrary: fc.constant(''), weight: 6 },
  {
    arbitrary: fc.constantFrom('---\n', '# top\n\n', '\n', '---\n# top\n', '--- # top\n', '%YAML 1.1\n---\n'),
    weight: 1,
  },
  {
    arbitrary: remark.map((text) => `%YAML 1.1 #${text}\n%TAG !e! tag:e,2000: #${text}\n---\n`),
    weight: 1,
  },
);
/** What parts two documents. */
const border = fc.oneof(
  { arbitrary: fc.constant('---\n'), weight: 6 },
  { arbitrary: fc.constantFrom('...\n---\n', '\ufeff---\n', '---\n\ufeff', '...\n\ufeff---\n'), weight: 1 },
  { arbitrary: remark.map((text) => `...\n%YAML 1.1 #${text}\n--- #${text}\n`), weight: 1 },
);
/** Line breaks, one after the other and again from the start: mostly LF throughout. */
const breaks = fc.oneof(
  { arbitrary: fc.constant(['\n']), weight: 6 },
  { arbitrary: fc.constantFrom(['\r\n'], ['\r'], ['\u0085'], ['\u2028'], ['\u2029']), weight: 2 },
  {
    arbitrary: fc.array(fc.constantFrom('\n', '\n', '\r\n', '\r', '\u0085', '\u2028', '\u2029'), {
      minLength: 2,
      maxLength: 7,
    }),
    weight: 2,
  },
);

/** A YAML file: mostly one document, line breaks of every kind, now and then a byte order mark. */
export const yamlFile: fc.Arbitrary<string> = fc
  .record({
    start,
    documents: fc.oneof(
      { arbitrary: fc.array(root, { minLength: 1, maxLength: 1 }), weight: 6 },
      { arbitrary: fc.array(root, { minLength: 2, maxLength: 3 }), weight: 1 },
    ),
    border,
    breaks,
    bom: fc.nat(29).map((n) => n === 0),
    cut: fc.nat(9).map((n) => n === 0),
  })
  .map(({ start: first, documents, border, breaks, bom, cut }) => {
    let text = first + documents.map((members) => new Printer().map(members, '') || 'k: v\n').join(border);
    if (cut) text = text.replace(/\n$/, '');
    let at = 0;
    text = text.replaceAll('\n', () => breaks[at++ % breaks.length] as string);
    return (bom ? '\ufeff' : '') + text;
  });
