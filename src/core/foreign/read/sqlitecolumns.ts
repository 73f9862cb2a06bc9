import { damaged } from './sqlitebytes.ts';

interface Column {
  readonly name: string;
  /** It is the id of the row, which is not among the stored columns. */
  readonly isRowId: boolean;
}

const token =
  /\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]|[(),]|[^\s"'`[(),]+/g;
const constraints = /^(?:constraint|primary|unique|check|foreign)$/i;

/**
 * The columns of a table in order, from the statement that made it. Throws FOREIGN_FILE, `damaged`, also for a table without row ids, which
 * is stored in another way.
 */
export function columnsOf(sql: string): Column[] {
  const words = [...sql.matchAll(token)].map(([word]) => word).filter((word) => !/^(?:\s|--|\/\*)/.test(word));
  const parts: string[][] = [[]];
  let depth = 0;
  let behind = false;
  for (const word of words) {
    if (word === ')' && --depth === 0) behind = true;
    else if (depth === 1 && word === ',') parts.push([]);
    else if (depth > 0) parts.at(-1)?.push(word);
    else if (behind && /^without$/i.test(word)) throw damaged();
    if (word === '(') depth++;
  }
  const defined = parts.filter(([first]) => first !== undefined && !constraints.test(first));
  const keyed = keyOf(parts.filter(([first]) => /^(?:constraint|primary)$/i.test(first ?? '')));
  return defined.map(([first = '', type = '', ...rest]) => {
    const name = unquoted(first);
    const own = /\bprimary key\b(?! desc)/i.test(rest.join(' '));
    const isKey = own || (keyed?.length === 1 && unquoted(keyed[0] ?? '').toLowerCase() === name.toLowerCase());
    return { name, isRowId: /^integer$/i.test(unquoted(type)) && isKey };
  });
}

/** The columns of the table's primary key, where it has one apart from them. */
function keyOf(constraints: readonly (readonly string[])[]): readonly string[] | undefined {
  for (const words of constraints) {
    const at = words.findIndex((word) => /^primary$/i.test(word));
    if (at === -1) continue;
    const inside = words.slice(at + 3, words.indexOf(')', at));
    return inside.filter((word) => !/^(?:asc|desc|,)$/i.test(word));
  }
  return undefined;
}

function unquoted(word: string): string {
  const [first = ''] = word;
  if (first === '[') return word.slice(1, -1);
  return /["'`]/.test(first) ? word.slice(1, -1).replaceAll(first + first, first) : word;
}
