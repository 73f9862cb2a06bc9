import { isTemplateName } from '../view/names.ts';

/** A secret that a text names, and where. */
export interface Naming {
  readonly line: number;
  /** As in `lockstep:ENVIRONMENT#NAME`; undefined for the environment that is active. */
  readonly environment: string | undefined;
  /** A key path as people read it, or a variable. */
  readonly name: string;
}

const reference = /\blockstep:([\p{L}\p{N}_.@+-]*)#([^\s"'`<>\\]*[^\s"'`<>\\,;.)}])/gu;
const name = '([A-Za-z_][A-Za-z0-9_]*)';
const quoted = `["'\`]${name}["'\`]`;

/** How programs read a variable of their environment, in the languages that Lockstep writes such code for. */
const reads: readonly RegExp[] = [
  // JavaScript, TypeScript, Deno
  new RegExp(`\\b(?:process|import\\.meta|Bun)\\.env(?:\\.${name}|\\[\\s*${quoted}\\s*\\])`, 'g'),
  new RegExp(`\\bDeno\\.env\\.get\\(\\s*${quoted}`, 'g'),
  // Python, Ruby, PHP, Go, Java, C#, Rust
  new RegExp(`\\bos\\.(?:environ(?:\\.get\\(|\\[)|getenv\\()\\s*${quoted}`, 'g'),
  new RegExp(`(?:\\b(?:ENV(?:\\.fetch\\(|\\[)|getenv\\(|env\\()|\\$_(?:ENV|SERVER)\\[)\\s*${quoted}`, 'g'),
  new RegExp(`\\bos\\.(?:Getenv|LookupEnv)\\(\\s*${quoted}`, 'g'),
  new RegExp(`\\bSystem\\.getenv\\(\\s*${quoted}|\\bEnvironment\\.GetEnvironmentVariable\\(\\s*${quoted}`, 'g'),
  new RegExp(`\\benv::var(?:_os)?\\(\\s*${quoted}|\\b(?:option_)?env!\\(\\s*${quoted}`, 'g'),
  new RegExp(`%env\\((?:[a-z_]+:)*${name}\\)%`, 'g'),
  // Compose files, shells, GitHub workflows
  new RegExp(`\\$\\{${name}[}:?+-]|\\$\\{\\{\\s*secrets\\.${name}\\s*\\}\\}`, 'g'),
];

/** The references to secrets in a text, such as those of a launch configuration. */
export function referencesIn(text: string): Naming[] {
  if (!text.includes('lockstep:')) return [];
  return eachLine(text, reference, ([, environment = '', found = '']) => ({
    environment: environment === '' ? undefined : environment,
    name: found,
  }));
}

/** The variables that a program reads, or that a template such as `.env.example` lists; any, not only secrets. */
export function variablesIn(path: string, text: string): Naming[] {
  const patterns = isTemplateName(path) ? [new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=`, 'gm')] : reads;
  return patterns.flatMap((pattern) =>
    eachLine(text, pattern, (found) => ({ environment: undefined, name: found.slice(1).find(Boolean) ?? '' })),
  );
}

function eachLine(text: string, pattern: RegExp, naming: (found: RegExpExecArray) => Omit<Naming, 'line'>): Naming[] {
  let [line, at] = [1, 0];
  return [...text.matchAll(pattern)].map((found) => {
    for (let next = text.indexOf('\n', at); next >= 0 && next < found.index; next = text.indexOf('\n', at)) {
      line++;
      at = next + 1;
    }
    return { ...naming(found), line };
  });
}
