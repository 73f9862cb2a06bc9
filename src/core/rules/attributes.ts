import { byteOrderMark } from '../format/encoding.ts';
import { globOfFile, globsOf } from './globs.ts';
import { matchRule, type Rule } from './rules.ts';

/** The lines that Lockstep keeps in a `.gitattributes` file, at its top: lines of other people below win over them. */

const head = '# Lockstep merges these files entry by entry where git is set up for it: lockstep git install';
const foot = '# End of the lines of Lockstep.';

/**
 * The text with these lines of ours, in the place of earlier ones. Without any they are taken away, and all else is as it was before.
 * @param globs patterns, as git reads them. @param diff whether git's diffs of these files go by names, too; as in the earlier lines by default
 */
export function withAttributes(text: string, globs: readonly string[], diff = isForDiffs(text)): string {
  const [mark, rest] = parted(text);
  if (globs.length === 0) return mark + rest;
  const eol = /\r\n/.test(rest) ? '\r\n' : '\n';
  const lines = [head, ...globs.map((glob) => `${quoted(glob)} merge=lockstep${diff ? ' diff=lockstep' : ''}`), foot];
  return mark + lines.map((line) => line + eol).join('') + rest;
}

/** Whether the text has lines of ours. */
export function hasAttributes(text: string): boolean {
  return parted(text).join('') !== text;
}

/** Whether lines of ours are for diffs, too. */
const isForDiffs = (text: string): boolean => /^.* merge=lockstep diff=lockstep\r?$/m.test(text);

/** A byte order mark, and the text without it and without our lines. */
function parted(text: string): [mark: string, rest: string] {
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : '';
  const lines = text.slice(mark.length).match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const from = lines.findIndex((line) => line.trimEnd() === head);
  const to = from < 0 ? -1 : lines.findIndex((line, i) => i > from && line.trimEnd() === foot);
  if (to >= 0) lines.splice(from, to - from + 1);
  return [mark, lines.join('')];
}

/** A pattern with a blank is in quotes, as a C string. */
function quoted(glob: string): string {
  if (!/[\s"\p{Cc}]/u.test(glob)) return glob;
  return `"${glob.replace(/["\\\p{Cc}]/gu, (char) => (/["\\]/.test(char) ? `\\${char}` : octal(char)))}"`;
}

function octal(char: string): string {
  const code = char.charCodeAt(0);
  return code < 256 ? `\\${code.toString(8).padStart(3, '0')}` : char;
}

/**
 * Patterns for the rules of a `.sops.yaml` file, and for the encrypted files that none of these rules is about, or one whose pattern git has
 * no words for. @param paths of the files, from the folder of that file
 */
export function patternsFor(rules: readonly Rule[], paths: readonly string[]): readonly string[] {
  const known = new Map(rules.map((rule) => [rule, globsOf(rule.pathRegex ?? '')]));
  const globs = new Set([...known.values()].flatMap((all) => all ?? []));
  for (const path of paths) {
    const rule = matchRule({ rules }, path);
    if (!(rule && known.get(rule))) globs.add(globOfFile(path));
  }
  // `name` is also the one at the top: `/name`.
  return [...globs].filter((glob) => !(/^\/[^/]+$/.test(glob) && globs.has(glob.slice(1)))).sort();
}
