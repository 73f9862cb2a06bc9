import { sameRecipient } from '../age/sshkey.ts';
import { LockstepError } from '../errors.ts';
import { addRecipient, type RecipientsPlace, removeRecipient, sameConfig } from '../rules/edit.ts';
import { type Config, parseConfig } from '../rules/rules.ts';
import { namesIn, namingsIn } from './names.ts';

/** Somebody put into a `.sops.yaml`, or taken out of it, with the name. Comments, anchors and order of the rest stay. */

/** A `.sops.yaml`, and every rule that has other recipients than before, counted from 0. */
interface Edited {
  readonly text: string;
  readonly rules: readonly number[];
}

/**
 * With somebody in these rules, and the name as a comment. Throws as `addRecipient`: BAD_CONFIG, BAD_RECIPIENT, NO_SUCH_ENTRY.
 * @param name as `personName` gives it.
 */
export function withPerson(text: string, places: readonly RecipientsPlace[], recipient: string, name: string): Edited {
  const rules = new Set<number>();
  let next = text;
  for (const place of places) {
    const step = addRecipient(next, place, recipient, ` ${name}`);
    next = step.text;
    for (const rule of step.rules) rules.add(rule);
  }
  if (namesIn(next).get(recipient) !== name) next = named(next, recipient, name);
  return { text: next, rules: [...rules].sort((a, b) => a - b) };
}

/** With a comment line for a recipient that shares its line with others. */
function named(text: string, recipient: string, name: string): string {
  const line = `# ${name}: ${recipient}${text.includes('\r\n') ? '\r\n' : '\n'}`;
  // At the beginning of a line of the top level it is no part of any text.
  const at = text.search(/^creation_rules[ \t]*:/m);
  const next = text.slice(0, Math.max(at, 0)) + line + text.slice(Math.max(at, 0));
  if (!sameConfig(parseConfig(text), parseConfig(next)) || namesIn(next).get(recipient) !== name)
    throw new LockstepError('BAD_CONFIG', { line: 1 });
  return next;
}

/**
 * Without somebody in any rule, nor the lines that are about that key alone. `rules` is empty where no rule names it. Throws
 * NO_RECIPIENTS with the rule where nobody would be left in a rule or a group, and as `removeRecipient`.
 */
export function withoutPerson(text: string, recipient: string): Edited {
  const rules = new Set<number>();
  let next = text;
  for (;;) {
    const found = placeOf(parseConfig(next), recipient);
    if (!found) break;
    const step = removedAt(next, found.place, found.name);
    next = step.text;
    for (const rule of step.rules) rules.add(rule);
  }
  return { text: withoutLines(next, recipient), rules: [...rules].sort((a, b) => a - b) };
}

function removedAt(text: string, place: RecipientsPlace, name: string): Edited {
  try {
    return removeRecipient(text, place, name);
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code !== 'NO_RECIPIENTS') throw error;
    throw new LockstepError('NO_RECIPIENTS', { what: 'last', rule: place.rule });
  }
}

/** Where a rule names a recipient, and how it spells it. */
function placeOf({ rules = [] }: Config, recipient: string) {
  for (const [rule, { groups }] of rules.entries())
    for (const [group, keys] of groups.entries()) {
      const key = keys.find(({ kind, name }) => kind === 'age' && sameRecipient(name, recipient));
      if (key) return { place: { rule, group }, name: key.name };
    }
  return undefined;
}

/** Comment lines that name the key, and its item in a list that no rule uses any more. */
function withoutLines(text: string, recipient: string): string {
  const about = namingsIn(text).filter((one) => one.recipient === recipient);
  let next = text;
  for (const line of [...new Set(about.map((one) => one.line))].sort((a, b) => b - a))
    next = withoutLine(next, line, recipient);
  return next;
}

function withoutLine(text: string, line: number, recipient: string): string {
  const lines = text.split(/(?<=\n)/);
  const own = lines[line - 1] ?? '';
  const rest = own.replace(recipient, '');
  const isComment = /^\s*#/.test(own);
  const isItem = /^\s*-\s*(?:&\S+\s+)?["']?\s*\S*["']?\s*(?:#.*)?$/.test(rest);
  if (!isComment && !isItem) return text;
  const next = lines.toSpliced(line - 1, 1).join('');
  try {
    return sameConfig(parseConfig(text), parseConfig(next)) ? next : text;
  } catch {
    return text;
  }
}
