import { readdirSync } from 'node:fs';

/** A glob as VS Code reads it, as far as our patterns go: `**`, `*`, `?` and `{a,b}`, one level deep. */
export function globRegex(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\/\*\*|\*|\?|\{|\}|,|[.+^$()|[\]\\]/g, (sign) => {
    const meanings: Record<string, string> = { '**/': '(?:.*/)?', '/**': '/.*', '*': '[^/]*', '?': '[^/]' };
    const braces: Record<string, string> = { '{': '(?:', '}': ')', ',': '|' };
    return meanings[sign] ?? braces[sign] ?? `\\${sign}`;
  });
  return new RegExp(`^${source}$`);
}

/** The files below a folder, by their paths from it, sorted. */
export function walk(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`.slice(folder.length + 1).replaceAll('\\', '/'))
    .sort();
}
