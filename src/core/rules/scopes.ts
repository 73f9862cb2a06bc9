import { baseOf, isDotenvName } from '../view/names.ts';

/** What a new rule covers, with the name of it that a person knows. */
interface Scope {
  readonly kind: 'files' | 'ending' | 'name' | 'folder';
  readonly name: string;
  readonly pathRegex: string;
}

/** Every dotenv file: `prod.env`, `.env` and `.env.local`. */
const dotenvRegex = '\\.env$|(^|/)\\.env\\.[^/]+$';

/** A `path_regex` for exactly these files, by their paths from the folder of `.sops.yaml`. */
const exactRegex = (paths: readonly string[]) => paths.map((path) => `^${quoted(path)}$`).join('|');

/** The names that a new `.sops.yaml` covers besides dotenv files, wherever they are; what else is chosen is named exactly. */
const general = '(^|/)secrets[^/]*\\.(ya?ml|json)$';
const isGeneral = (path: string) => isDotenvName(path) || /^secrets.*\.(ya?ml|json)$/.test(baseOf(path));

/**
 * The `path_regex` of a rule for some files, by their paths from the folder of `.sops.yaml`. `alone`: it is the first
 * rule there is, so it may speak for files to come; beside other rules it names exactly these.
 */
export function pathRegex(paths: readonly string[], alone: boolean): string {
  if (!alone) return exactRegex(paths);
  const exact = paths.filter((path) => !isGeneral(path));
  return [dotenvRegex, general, ...(exact.length > 0 ? [exactRegex(exact)] : [])].join('|');
}

/** What a rule for some files may cover: these; all with the ending, or the name, that they share; all in their folder, but for the top one. */
export function scopesOf(paths: readonly string[]): Scope[] {
  const folder = shared(paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1)));
  const all: (Scope | undefined)[] = [
    { kind: 'files', name: paths.join(', '), pathRegex: exactRegex(paths) },
    likeThese(paths),
    folder ? { kind: 'folder', name: folder, pathRegex: `^${quoted(folder)}` } : undefined,
  ];
  return all.filter((one) => one !== undefined);
}

function likeThese(paths: readonly string[]): Scope | undefined {
  if (paths.every(isDotenvName)) return { kind: 'ending', name: '.env', pathRegex: dotenvRegex };
  const ending = shared(paths.map((path) => /[^/](\.[^./]+)$/.exec(path)?.[1] ?? ''));
  if (ending) return { kind: 'ending', name: ending, pathRegex: `${quoted(ending)}$` };
  const name = shared(paths.map((path) => baseOf(path)));
  return name === undefined ? undefined : { kind: 'name', name, pathRegex: `(^|/)${quoted(name)}$` };
}

/** What all are; undefined where they differ. */
const shared = ([first, ...others]: readonly string[]) => (others.every((one) => one === first) ? first : undefined);

const quoted = (path: string) => path.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
