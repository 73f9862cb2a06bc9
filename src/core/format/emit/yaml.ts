import { LockstepError } from '../../errors.ts';
import type { Path } from '../../tree/path.ts';
import type { PlainComment, PlainEntry, PlainList, PlainMap, PlainNode } from '../../tree/plain.ts';
import { itemsOf } from '../place.ts';
import { childColumn, type Printed } from '../yaml/print.ts';
import { emitScalarText } from './yamltext.ts';

/**
 * YAML as go-yaml prints it for sops (stores/yaml/store.go, emitterc.go). Not repeated: texts that sops cannot read back
 * (`<<` as a value, several lines that start with a tab, U+2028), and comments that it loses or puts elsewhere.
 */
export function emitYaml(documents: readonly PlainMap[], indent: number): string {
  return documents.map((map) => new Printer(indent).document(map)).join('---\n');
}

/** A scalar or a list alone. */
export function yamlValue(node: PlainNode, indent: number): string {
  const printer = new Printer(indent);
  if (node.kind === 'map') return printer.document(node);
  if (node.kind === 'list' && itemsOf(node).length > 0) return printer.list(node, 0, []);
  return printer.alone(node);
}

/** A map or list with its comments where go-yaml's node has them. */
interface Dressed<T> {
  readonly head: readonly string[];
  readonly parts: readonly {
    readonly part: T;
    readonly above: readonly string[];
    readonly behind: readonly string[];
  }[];
  readonly foot: readonly string[];
}

function dressed<T extends { readonly kind: string }>(members: readonly (T | PlainComment)[]): Dressed<T> {
  const parts: Dressed<T>['parts'][number][] = [];
  let head: string[] = [];
  let [above, behind]: [string[], string[]] = [[], []];
  for (const member of members) {
    if (member.kind === 'comment') {
      const { text, inline } = member as PlainComment;
      (inline ? behind : above).push(`#${text}`);
      continue;
    }
    // What stands before the first one is of the map or list itself.
    if (parts.length === 0) [head, above] = [above, []];
    parts.push({ part: member as T, above, behind });
    [above, behind] = [[], []];
  }
  const left = [...above, ...behind];
  return parts.length === 0 ? { head: left, parts, foot: [] } : { head, parts, foot: left };
}

function isEmpty(node: PlainNode): boolean {
  if (node.kind === 'map') return node.members.every((member) => member.kind === 'comment');
  return node.kind === 'list' && itemsOf(node).length === 0;
}

class Printer {
  readonly #step: number;

  constructor(step: number) {
    this.#step = step;
  }

  document(map: PlainMap): string {
    const head = remarks(headOf(map), 0);
    return head + (isEmpty(map) ? '{}\n' : this.#mapLines(map, 0, []));
  }

  /** The lines of a list whose dashes stand at `column`. */
  list(list: PlainList, column: number, path: Path): string {
    return remarks(headOf(list), column) + this.#listLines(list, column, path);
  }

  /** Without the comments before the first item. */
  #listLines(list: PlainList, column: number, path: Path): string {
    const { parts, foot } = dressed<PlainNode>(list.items);
    const lines = parts.map(({ part, above, behind }, i) => {
      return remarks(above, column) + this.#item(part, behind, column, [...path, i]);
    });
    return lines.join('') + remarks(foot, column);
  }

  /** The first line of what is nested stands behind the dash, and comments before it above. */
  #item(item: PlainNode, behind: readonly string[], column: number, path: Path): string {
    const inner = column + 2;
    const lead = `${spaces(column)}-`;
    if (item.kind === 'scalar') return this.#line(lead, item, behind, column, inner, path);
    const above = remarks([...behind, ...headOf(item)], column);
    if (isEmpty(item)) return above + this.#line(lead, item, [], column, inner, path);
    const lines = item.kind === 'map' ? this.#mapLines(item, inner, path) : this.#listLines(item, inner, path);
    return `${above}${lead} ${lines.slice(inner)}`;
  }

  /** The lines of a map at `column`, without the comments before its first entry. */
  #mapLines(map: PlainMap, column: number, path: Path): string {
    const { parts, foot } = dressed<PlainEntry>(map.members);
    const lines = parts.map(({ part, above, behind }) => {
      return remarks(above, column) + this.#entry(part, behind, column, path);
    });
    return lines.join('') + remarks(foot, column);
  }

  #entry({ key, value }: PlainEntry, behind: readonly string[], column: number, path: Path): string {
    const own = [...path, key];
    const name = this.#key(key, value, column, own);
    const inner = childColumn(column, this.#step);
    if (value.kind === 'scalar') return this.#line(name, value, behind, column, inner, own);
    const above = remarks(behind, column);
    const head = remarks(headOf(value), isEmpty(value) ? column : inner);
    if (isEmpty(value)) return above + head + this.#line(name, value, [], column, inner, own);
    const lines = value.kind === 'map' ? this.#mapLines(value, inner, own) : this.#listLines(value, inner, own);
    return `${above}${name}\n${head}${lines}`;
  }

  /** Up to its colon. Keys of more than 128 bytes stand behind a question mark. */
  #key(key: string, value: PlainNode, column: number, path: Path): string {
    if (key === '<<' && value.kind !== 'scalar') return `${spaces(column)}!!merge <<:`;
    const { inline } = this.#scalar({ type: 'str', value: key }, column, column, true, path);
    const simple = new TextEncoder().encode(key).length <= 128;
    return simple ? `${spaces(column)}${inline}:` : `${spaces(column)}? ${inline}\n${spaces(column)}:`;
  }

  /** `lead` and a value on one line, comments behind it, and the lines of a block below. */
  #line(lead: string, node: PlainNode, behind: readonly string[], parent: number, column: number, path: Path): string {
    const { inline, below } =
      node.kind === 'scalar'
        ? this.#scalar(node.scalar, parent, column, false, path)
        : { inline: node.kind === 'map' ? '{}' : '[]', below: '' };
    // Below the header of a block a comment would be a part of the value.
    const [first, ...more] = below === '' ? behind : behind.length > 0 ? [behind.join(' ')] : [];
    const comment = first === undefined ? '' : ` ${first}`;
    // The lines of a block have their line ends before them.
    const lines = below === '' ? '' : `${below.slice(1)}\n`;
    return `${lead} ${inline}${comment}\n${remarks(more, parent)}${lines}`;
  }

  #scalar(
    scalar: Parameters<typeof emitScalarText>[0],
    parent: number,
    column: number,
    isKey: boolean,
    path: Path,
  ): Printed {
    try {
      return emitScalarText(scalar, parent, column, isKey);
    } catch (error) {
      throw error instanceof LockstepError ? error.at({ path }) : error;
    }
  }

  /** A scalar or an empty list on its own. */
  alone(node: PlainNode): string {
    return this.#line('', node, [], 0, this.#step, []).slice(1);
  }
}

function headOf(node: PlainNode): readonly string[] {
  if (node.kind === 'map') return dressed(node.members).head;
  return node.kind === 'list' ? dressed(node.items).head : [];
}

function remarks(comments: readonly string[], column: number): string {
  return comments
    .flatMap((comment) => comment.split('\n'))
    .map((line) => `${spaces(column)}${line.startsWith('#') ? line : `# ${line}`}\n`)
    .join('');
}

function spaces(count: number): string {
  return ' '.repeat(count);
}
