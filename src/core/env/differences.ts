import { LockstepError } from '../errors.ts';
import { readNpm } from './npm.ts';
import { readEnv } from './read.ts';

/** Why a loader reads something else than sops, which takes name and value literally. */
const differences = ['quotes', 'export', 'comment', 'escape', 'interpolation', 'space', 'name'] as const;
export type Difference = (typeof differences)[number];

/** Longer values are no text that a person wrote, and looking at them would take long. */
const longest = 64 * 1024;

/** What every loader reads literally. */
const simpleName = /^[A-Za-z_]\w*$/;
const special = /[\s"'`#\\$\p{Cc}]/u;

/**
 * What a loader of `.env` files (of npm, Python or docker compose) reads differently in an entry: nothing where each of them
 * reads what sops reads.
 * @param value as sops has it, with line breaks for `\n`.
 */
export function differencesOf(name: string, value: string): Difference[] {
  if (value.length > longest || (simpleName.test(name) && !special.test(value))) return [];
  const raw = value.replaceAll('\n', '\\n');
  const same = (['dotenv', 'python', 'compose'] as const).every((loader) => {
    const found = readOne(`${name}=${raw}`, loader);
    return found?.size === 1 && found.get(name) === value;
  });
  return same ? [] : reasons(name, raw);
}

/** The names of entries that some program which loads a `.env` reads differently from sops, by the reason. */
export function differingNames(entries: Iterable<readonly [string, string]>): ReadonlyMap<Difference, string[]> {
  const found = new Map<Difference, string[]>(differences.map((one) => [one, []]));
  for (const [name, value] of entries) for (const one of differencesOf(name, value)) found.get(one)?.push(name);
  for (const [one, names] of found) if (names.length === 0) found.delete(one);
  return found;
}

/** Undefined where the loader refuses the line, and with it the file. */
function readOne(line: string, loader: 'dotenv' | 'python' | 'compose'): ReadonlyMap<string, string> | undefined {
  try {
    return readEnv(line, loader);
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}

function reasons(name: string, raw: string): Difference[] {
  const value = raw.trim();
  const quote = /^["'`]/.exec(value)?.[0];
  // Behind the quotes there may be a comment; between them a # is none.
  const behind = quote ? value.slice(value.lastIndexOf(quote) + 1) : ` ${value}`;
  const bareName = name.replace(/^\s*export\s+/, '').trim();
  const found: Record<Difference, boolean> = {
    quotes: quote !== undefined,
    export: /^\s*export\s/.test(name),
    comment: behind.includes('#') && (quote !== undefined || /\s#|^ #|[^\s]#/.test(behind)),
    // A line break in double quotes is one for everybody.
    escape: (quote === '"' ? value.replaceAll('\\n', '') : value).includes('\\'),
    interpolation: value.includes('$') && quote !== "'",
    space: name.replace(/^\s*export\s+/, '') !== bareName || raw !== value,
    name: !/^[A-Za-z_][\w.-]*$/.test(bareName),
  };
  const all = differences.filter((one) => found[one]);
  return all.length > 0 ? all : ['space'];
}

/**
 * The value as npm's dotenv reads it where quotes come off it; undefined where none do. A single-quoted `\n` stays two
 * characters for that loader, which sops cannot hold.
 */
export function withoutQuotes(value: string): string | undefined {
  if (!/^\s*["'`]/.test(value) || value.length > longest) return undefined;
  const bare = readNpm(`A=${value.replaceAll('\n', '\\n')}`).get('A');
  return bare === undefined || /^["'`]/.test(bare) ? undefined : bare;
}
