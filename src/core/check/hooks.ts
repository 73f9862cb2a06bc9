import { LockstepError } from '../errors.ts';
import type { Entry, MapNode, Node } from '../format/document.ts';
import { entriesOf } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import { collect } from '../sops/sealed.ts';
import { defaultSelector } from '../sops/selection.ts';
import { keyOf } from '../sops/value.ts';

/** The lines that Lockstep keeps in what runs before a commit: a script of git or husky, the list of lefthook or pre-commit. */

const head = '# Lockstep looks for what should not be committed: lockstep check';
const foot = '# End of the lines of Lockstep.';
export const checkCommand = 'lockstep check --staged';

/** Whoever does not have Lockstep commits as before, and is told so. */
const script = [
  head,
  'if command -v lockstep >/dev/null 2>&1; then',
  `  ${checkCommand} || exit $?`,
  'else',
  "  echo 'lockstep is not on PATH: nobody looks for secrets in this commit.' >&2",
  'fi',
  foot,
];

const shebang = /^#!.*\b(?:sh|bash|dash|zsh|ksh|ash)\b/;
/** The start of husky 8 runs the script once more, as a part of itself. */
const huskyStart = /^\s*(?:\.|source)\s.*husky\.sh/;

/** Whether a text has lines of ours. */
export const hasHook = (text: string): boolean => blockIn(text) !== undefined;

/** The text without these lines, as it was before; an empty one where there is nothing else of use. */
export function withoutHook(text: string): string {
  const block = blockIn(text);
  if (!block) return text;
  const lines = linesOf(text);
  lines.splice(block.from, block.to - block.from + 1);
  const rest = lines.join('');
  return /^(?:#![^\n]*\n?)?\s*$/.test(rest) ? '' : rest;
}

/**
 * A shell script that checks first; undefined for a script of another kind.
 * @param text undefined for a new one. @param isBare husky runs it, so it is one of the shell without saying so
 */
export function scriptWith(text: string | undefined, isBare = false): string | undefined {
  if (text === undefined || text === '') return [...(isBare ? [] : ['#!/bin/sh']), ...script, ''].join('\n');
  const bare = withoutHook(text);
  const lines = linesOf(bare === '' ? text.slice(0, text.indexOf('\n') + 1) : bare);
  if (!shebang.test(lines[0] ?? '') && !isBare) return undefined;
  const start = lines.findIndex((line) => huskyStart.test(line));
  const at = start >= 0 ? start + 1 : lines[0]?.startsWith('#!') ? 1 : 0;
  return inserted(lines, at, script);
}

/** A `lefthook.yml` with a command of ours; undefined for one in which it has no place that can be found. */
export function lefthookWith(text: string): string | undefined {
  const clean = withoutHook(text);
  const top = topOf(clean);
  const hook = top && entryOf(top, 'pre-commit');
  if (!top) return undefined;
  const lines = linesOf(clean);
  const command = ['lockstep:', `  run: ${checkCommand}`];
  if (!hook)
    return proved(
      clean,
      inserted(lines, lines.length, around(['pre-commit:', ...indented(2, ['commands:', ...indented(2, command)])])),
    );
  const commands = hook.value.kind === 'map' ? entryOf(hook.value, 'commands') : undefined;
  const parent = commands ?? hook;
  const column = columnOfChild(clean, parent.value);
  if (column === undefined) return undefined;
  const block = commands ? command : ['commands:', ...indented(2, command)];
  return proved(clean, inserted(lines, lineOf(clean, parent.keySpan.start) + 1, indented(column, around(block))));
}

/** A `.pre-commit-config.yaml` with a hook of ours; undefined as for `lefthookWith`. */
export function preCommitWith(text: string): string | undefined {
  const clean = withoutHook(text);
  const top = topOf(clean);
  const repos = top && entryOf(top, 'repos');
  if (repos?.value.kind !== 'list') return undefined;
  const column = columnOfChild(clean, repos.value);
  if (column === undefined) return undefined;
  const hook = [
    ...['- repo: local', '  hooks:', '    - id: lockstep-check', '      name: lockstep check'],
    ...[
      `      entry: ${checkCommand}`,
      '      language: system',
      '      pass_filenames: false',
      '      always_run: true',
    ],
  ];
  const end = lineOf(clean, repos.value.span.end - 1) + 1;
  return proved(clean, inserted(linesOf(clean), end, indented(column, around(hook))));
}

const linesOf = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const around = (lines: readonly string[]) => [head, ...lines, foot];

const indented = (column: number, lines: readonly string[]) => lines.map((line) => ' '.repeat(column) + line);

/** The text with more lines, which end as its own do. */
function inserted(lines: readonly string[], at: number, more: readonly string[]): string {
  const eol = lines.some((line) => line.endsWith('\r\n')) ? '\r\n' : '\n';
  const before = lines.slice(0, at).join('');
  const gap = before !== '' && !before.endsWith('\n') ? eol : '';
  return before + gap + more.map((line) => line + eol).join('') + lines.slice(at).join('');
}

function blockIn(text: string): { from: number; to: number } | undefined {
  const lines = linesOf(text);
  const from = lines.findIndex((line) => line.trim() === head);
  const to = from < 0 ? -1 : lines.findIndex((line, i) => i > from && line.trim() === foot);
  return to < 0 ? undefined : { from, to };
}

function topOf(text: string): MapNode | undefined {
  try {
    const { documents } = getFormat('yaml').parse(text);
    const [only, more] = documents;
    return only?.kind === 'map' && !more ? only : undefined;
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}

const entryOf = (map: MapNode, key: string): Entry | undefined => entriesOf(map).find((one) => one.key === key);

const lineOf = (text: string, offset: number) => text.slice(0, offset).split('\n').length - 1;

/** Where the lines of a map or list in block style begin; undefined in flow style, and for an empty one. */
function columnOfChild(text: string, node: Node): number | undefined {
  const start =
    node.kind === 'map' ? entriesOf(node)[0]?.keySpan.start : node.kind === 'list' ? node.span.start : undefined;
  if (start === undefined) return undefined;
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return /^ *$/.test(line) && (node.kind === 'map' || text[start] === '-') ? line.length : undefined;
}

/** Undefined unless the new list says all that the old one said, and one thing more. */
function proved(before: string, after: string): string | undefined {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  return old && now && old.every((leaf) => now.includes(leaf)) && now.length > old.length ? after : undefined;
}

function leavesOf(text: string): string[] | undefined {
  try {
    const { leaves } = collect(getFormat('yaml').parse(text), defaultSelector);
    return leaves.map(({ id, node }) => `${id} ${keyOf(node.scalar)}`);
  } catch (error) {
    if (error instanceof LockstepError) return error.code === 'EMPTY_FILE' ? [] : undefined;
    throw error;
  }
}
